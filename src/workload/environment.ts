import { valueAt } from './explain.ts'
import { type Path, pathText, type PlacedProblem } from './problem.ts'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** `${...}` in a text of the target: a variable of the environment or a column of the users. */
export const reference = /\$\{([^}]*)\}/g

/** The text with its `${env:NAME}` filled in. */
export function fillIn(text: string, environment: Environment): string {
  return text.replaceAll(reference, (whole, inside: string) => environment[nameOf(inside) ?? ''] ?? whole)
}

/** `${user.name}` is for the run to fill in: each user has its own. */
export const columnOf = (inside: string): string | undefined => /^user\.(.+)$/.exec(inside)?.[1]

const nameOf = (inside: string): string | undefined => /^env:([A-Za-z_]\w*)$/.exec(inside)?.[1]

/** What the environment filled into a section, the longest first. */
export function secretsOf(section: unknown, environment: Environment): string[] {
  const names = textsOf(section, []).flatMap(({ text }) =>
    [...text.matchAll(reference)].map(([, inside]) => nameOf(inside!)),
  )
  const values = names.flatMap((name) => (name === undefined ? [] : (environment[name] ?? [])))
  return [...new Set(values)].sort((a, b) => b.length - a.length)
}

/** The texts of a section, wherever they stand. */
export function textsOf(value: unknown, path: Path): { text: string; path: Path }[] {
  if (typeof value === 'string') return [{ text: value, path }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    textsOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

/** References of the target that the environment cannot answer. No value is ever part of a problem. */
export function missingEnvironment(root: unknown, environment: Environment): PlacedProblem[] {
  return textsOf(valueAt(root, ['target']), ['target']).flatMap(({ text, path }) => {
    return [...text.matchAll(reference)].flatMap(([, inside]): PlacedProblem[] => {
      const name = nameOf(inside!)
      if (name !== undefined && environment[name]) return []
      if (columnOf(inside!) !== undefined) return []
      const at = pathText(path)
      return name === undefined
        ? [
            {
              code: 'missing_environment',
              message: `${at}: \${${inside!}} is not understood`,
              hint: 'write ${env:NAME}, or ${user.COLUMN} with target.users',
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
  const driver = valueAt(root, ['target', 'driver'])
  const isWebSocket = driver === 'websocket' || driver === 'realtime'
  const protocol = URL.canParse(plain) ? new URL(plain).protocol : ''
  if (/^https?:$/.test(protocol) || (isWebSocket && /^wss?:$/.test(protocol))) return []
  const message = 'target.url: is not an address'
  return [{ code: 'wrong_type', message, hint: 'such as http://localhost:4000', path: ['target', 'url'] }]
}
