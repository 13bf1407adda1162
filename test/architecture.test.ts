import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Each folder may import from rows below its own, never sideways and never up. */
const rows = [
  ['stats'],
  ['workload'],
  ['clock', 'sessions', 'result', 'wire', 'host'],
  ['service', 'find'],
  ['plan', 'simulate', 'load', 'provider', 'agent', 'fit', 'store', 'report', 'export'],
  ['cli'],
]
const rowOf = new Map(rows.flatMap((folders, row) => folders.map((folder) => [folder, row] as const)))

/** `service` is what the simulator and the provider share; a measuring tool must not know the model it tests. */
const forbidden = [['load', 'service']]

interface SourceFile {
  readonly path: string
  readonly text: string
}

function breaches(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const from = path.split('/')[1]!
    if (!path.split('/')[2]) return []
    if (!rowOf.has(from)) return [`${path}: folder ${from} has no row`]
    const imports = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)
    return [...imports].flatMap(([, specifier]) => {
      const target = relative('/', join('/', path, '..', specifier!)).split('/')
      const to = target[1]!
      if (target[0] !== 'src' || to === from) return []
      const ok = rowOf.get(to)! < rowOf.get(from)! && !forbidden.some(([a, b]) => a === from && b === to)
      return ok ? [] : [`${path} imports ${to}`]
    })
  })
}

function typescriptIn(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return { path: relative(root, path), text: readFileSync(path, 'utf8') }
    })
}

test('imports follow the rows of the design', () => {
  const files = typescriptIn('src').filter(({ path }) => !path.endsWith('.test.ts'))
  expect(files.length).toBeGreaterThan(50)
  expect(breaches(files)).toEqual([])
})

test.each([
  ['src/result/a.ts', "import { x } from '../sessions/sessions.ts'"],
  ['src/stats/a.ts', "import type { x } from '../workload/workload.ts'"],
  ['src/load/drivers/a.ts', "import { x } from '../../service/quota.ts'"],
  ['src/plan/a.ts', "const x = await import('../simulate/simulate.ts')"],
  ['src/service/a.ts', "export { x } from '../plan/plan.ts'"],
  ['src/helpers/a.ts', ''],
])('a planted breach is caught: %s %s', (path, text) => {
  expect(breaches([{ path, text }])).toHaveLength(1)
})

test('no file is longer than 400 lines, tests and benches included', () => {
  const files = ['src', 'test', 'bench', 'scripts'].flatMap(typescriptIn)
  const long = files.filter(({ text }) => text.split('\n').length > 401)
  expect(long.map(({ path }) => path)).toEqual([])
})

test.each([
  ['a clock', 'export const x = (): number => Date.now()', 'no-restricted-properties'],
  ['a timer', 'export const x = (): unknown => setTimeout(() => {}, 1)', 'no-restricted-globals'],
  ['randomness', 'export const x = (): number => Math.random()', 'no-restricted-properties'],
  ['any', 'export const x = (y: any): unknown => y', 'no-explicit-any'],
  [
    'a lost promise',
    'export function x(): void { Promise.resolve(1).then((y) => y + 1) }',
    'no-floating-promises',
  ],
])('the linter catches planted %s', (_, source, rule) => {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'))
  try {
    mkdirSync(join(folder, 'src/plan'), { recursive: true })
    writeFileSync(join(folder, 'tsconfig.json'), readFileSync(join(root, 'tsconfig.json')))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'src/plan/planted.ts'), `${source}\n`)
    const config = join(root, '.oxlintrc.json')
    const { stdout, status } = spawnSync('oxlint', ['-c', config, '--type-aware', 'src'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env['PATH']}` },
    })
    expect(stdout).toContain(rule)
    expect(status).not.toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
