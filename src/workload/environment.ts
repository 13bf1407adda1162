import type { PlacedProblem } from './problem.ts'
import { valueAt } from './explain.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const reference = /\$\{([^}]*)\}/g

/** The text with its `${env:NAME}` filled in. */
export function fillIn(text: string, environment: Environment): string {
  return text.replaceAll(reference, (whole, inside: string) => environment[nameOf(inside) ?? ''] ?? whole)
}

const nameOf = (inside: string): string | undefined => /^env:([A-Za-z_]\w*)$/.exec(inside)?.[1]

/** References of the target that the environment cannot answer. No value is ever part of a problem. */
export function missingEnvironment(root: unknown, environment: Environment): PlacedProblem[] {
  const headers = valueAt(root, ['target', 'headers'])
  const names = typeof headers === 'object' && headers !== null ? Object.keys(headers) : []
  const paths = [['target', 'url'], ...names.map((name) => ['target', 'headers', name])]
  return paths.flatMap((path) => {
    const text = valueAt(root, path)
    if (typeof text !== 'string') return []
    return [...text.matchAll(reference)].flatMap(([, inside]): PlacedProblem[] => {
      const name = nameOf(inside!)
      if (name !== undefined && environment[name]) return []
      const at = path.join('.')
      return name === undefined
        ? [
            {
              code: 'missing_environment',
              message: `${at}: \${${inside!}} is not understood`,
              hint: 'write ${env:NAME}',
              path,
            },
          ]
        : [
            {
              code: 'missing_environment',
              message: `${at}: the environment variable ${name} is not set`,
              hint: `export ${name}=... before the command`,
              path,
            },
          ]
    })
  })
}

/** A target's address that is none. */
export function badAddress(root: unknown): PlacedProblem[] {
  const url = valueAt(root, ['target', 'url'])
  if (typeof url !== 'string' || url === '') return []
  const plain = url.replaceAll(reference, 'x')
  if (URL.canParse(plain) && /^https?:$/.test(new URL(plain).protocol)) return []
  const message = 'target.url: is not an address'
  return [{ code: 'wrong_type', message, hint: 'such as http://localhost:4000', path: ['target', 'url'] }]
}
