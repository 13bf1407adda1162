import { columnOf, reference, textsOf } from './environment.ts'
import { valueAt } from './explain.ts'
import { type PlacedProblem, pathText } from './problem.ts'
import { braces, placeholders } from './target-schema.ts'
import type { FilesBeside } from './target-access.ts'

/** What no field of login, cookies, users and certificates can know by itself. */
export function checkAccess(target: unknown): PlacedProblem[] {
  return [
    ...tokenIsKnown(target),
    ...loginKnowsNoTurn(target),
    ...keyAndCertificate(target),
    ...usedTls(target),
  ]
}

function tokenIsKnown(target: unknown): PlacedProblem[] {
  if (valueAt(target, ['login', 'token']) !== undefined) return []
  return Object.entries(valueAt(target, ['headers']) ?? {}).flatMap(([name, value]): PlacedProblem[] => {
    if (typeof value !== 'string' || !value.includes('{token}')) return []
    const message = `target.headers.${name}: has no value for {token}`
    const hint = 'target.login.token says where it lies in the answer to the login: token: /access_token'
    return [{ code: 'missing', message, hint, path: ['target', 'headers', name] }]
  })
}

/** A login is a user's and no turn's. */
function loginKnowsNoTurn(target: unknown): PlacedProblem[] {
  const known = ['user']
  return textsOf(valueAt(target, ['login']), ['target', 'login']).flatMap(({ text, path }) =>
    [...text.matchAll(braces)].flatMap(([, open, name, close]): PlacedProblem[] => {
      if ((open && close) || known.includes(name!) || !placeholders.includes(name!)) return []
      const message = `${pathText(path)}: has no value for {${name}}`
      const hint = 'a login knows {user}, ${user.COLUMN} and ${env:NAME}'
      return [{ code: 'unknown_name', message, hint, path }]
    }),
  )
}

function keyAndCertificate(target: unknown): PlacedProblem[] {
  const has = (key: string): boolean => valueAt(target, ['tls', key]) !== undefined
  if (has('cert') === has('key')) return []
  const [missing, written] = has('cert') ? ['key', 'cert'] : ['cert', 'key']
  const message = `target.tls.${missing}: is missing`
  const path = ['target', 'tls', written]
  return [{ code: 'missing', message, hint: 'a certificate and its key belong together', path, atKey: true }]
}

function usedTls(target: unknown): PlacedProblem[] {
  const url = valueAt(target, ['url'])
  const plain = typeof url === 'string' && /^(?:http|ws):/i.test(url)
  const isUsed = (key: string): boolean => ![undefined, false].includes(valueAt(target, [key]) as undefined)
  const problems = (['tls', 'http2'] as const).flatMap((key): PlacedProblem[] => {
    if (!plain || !isUsed(key)) return []
    const message = `target.${key}: the target is not reached over TLS`
    const hint = 'write https:// in target.url'
    return [{ severity: 'warning', code: 'unused', message, hint, path: ['target', key], atKey: true }]
  })
  if (valueAt(target, ['tls', 'insecure']) !== true) return problems
  const message = 'target.tls.insecure: whoever answers is believed to be the target'
  const hint = 'target.tls.ca: the authority that signed its certificate'
  const path = ['target', 'tls', 'insecure']
  return [...problems, { severity: 'warning', code: 'unused', message, hint, path }]
}

/** Columns that no user has. */
export function unknownColumns(root: unknown, files: FilesBeside | undefined): PlacedProblem[] {
  const { users, ...rest } = (valueAt(root, ['target']) ?? {}) as Readonly<Record<string, unknown>>
  const used = textsOf(rest, ['target']).flatMap(({ text, path }) =>
    [...text.matchAll(reference)].flatMap(([, inside]) => {
      const column = columnOf(inside!)
      return column === undefined ? [] : [{ column, path }]
    }),
  )
  if (used.length === 0) return []
  const columns = columnsOf(valueAt(users, ['file']), files)
  return used.flatMap(({ column, path }): PlacedProblem[] => {
    if (columns === undefined || columns.includes(column)) return []
    const message = `${pathText(path)}: users have no column ${column}`
    const hint =
      users === undefined
        ? 'target.users: { file: users.csv } gives each user a row'
        : `columns are ${columns.join(', ')}`
    return [{ code: 'unknown_name', message, hint, path }]
  })
}

/** Undefined where the file cannot be read: that is a problem of its own. */
function columnsOf(file: unknown, files: FilesBeside | undefined): readonly string[] | undefined {
  if (file === undefined) return []
  if (typeof file !== 'string' || !files) return undefined
  try {
    return Object.keys(files.users(file)[0] ?? {})
  } catch {
    return undefined
  }
}
