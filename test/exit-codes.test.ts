import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verbs } from '../src/cli/verbs.ts'
import { inProcess } from './in-process.ts'
import { type Finished, plimsoll } from './plimsoll.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-codes-'))
const run = (...args: string[]) => plimsoll(args, { cwd: folder })
const inside = (...args: string[]) => inProcess(args, { cwd: folder })
beforeAll(async () => {
  writeFileSync(
    join(folder, 'good.yaml'),
    `name: good
users: { think: 10s }
agent: { workers: 1, concurrency: 2 }
model: { output: 10, ttft: 1s, perToken: 1ms }
objectives: [turn p95 < 10s]
`,
  )
  writeFileSync(join(folder, 'bad.yaml'), 'name: bad\nusres: { think: 1s }\n')
  writeFileSync(join(folder, 'a-file'), '')
  for (const seed of ['1', '2'])
    await inside(
      'simulate',
      'good.yaml',
      '--users',
      '3',
      '--duration',
      '20m',
      '--out',
      `runs${seed}`,
      '--seed',
      seed,
    )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const runFolder = (arg: string): string => {
  const root = /^RUN(\d)$/.exec(arg)?.[1]
  return root === undefined ? arg : join(`runs${root}`, readdirSync(join(folder, `runs${root}`))[0]!)
}
const missed = ['--set', 'objectives=[turn p95 < 1ms]']
const short = ['--duration', '20m']

test.each<[code: number, args: string[]]>([
  [0, ['plan', 'good.yaml', '--users', '2']],
  [0, ['find', 'good.yaml', '--engine', 'plan']],
  [0, ['check', 'good.yaml']],
  [0, ['simulate', '--help']],
  [0, ['--help']],
  [0, ['-V']],
  [99, ['simulate', 'good.yaml', '--users', '2', ...short, ...missed]],
  [99, ['find', 'good.yaml', '--engine', 'plan', ...missed]],
  [104, ['plan', 'nowhere.yaml']],
  [104, ['plan', 'good.yaml', '--users', 'many']],
  [104, ['simulate', 'good.yaml', '--users', '2', '--out', 'a-file']],
  [104, ['load', 'good.yaml']],
  [104, ['provider', 'good.yaml', '--host', '0.0.0.0', '--port', '0']],
  [104, ['provider', 'good.yaml', '--host', '192.0.2.1', '--admin-token', 'x', '--port', '0']],
  [104, ['load', 'good.yaml', '--users', '2', '--target', 'nowhere']],
  [104, ['load', 'good.yaml', '--users', '2', '--reference', '--target', 'http://127.0.0.1:9']],
  [104, ['provider', 'good.yaml', '--port', '70000']],
  [104, ['report', 'nowhere']],
  [104, ['no-such-verb']],
])('%i: %j', async (code, args) => {
  expectToEnd(await inside(...args), code)
})

test.each<[code: number, args: string[]]>([
  [0, ['simulate', 'good.yaml', '--users', '2', ...short]],
  [99, ['plan', 'good.yaml', '--users', '2', ...missed]],
  [104, ['check', 'bad.yaml']],
  // At a hundred thousand times the speed no machine keeps up, and that is said before any objective is.
  [
    109,
    [
      'load',
      'good.yaml',
      '--reference',
      '--users',
      '2',
      '--speed',
      '100000',
      '--warm-up',
      '1h',
      '--duration',
      '30h',
      '--no-preflight',
    ],
  ],
])('its process exits with %i: %j', async (code, args) => {
  expectToEnd(await run(...args), code)
})

function expectToEnd(finished: Finished, code: number): void {
  expect(finished.stderr).not.toMatch(/This is a bug|\n\s+at /)
  expect(finished).toMatchObject({ code })
}

test.each(Object.keys(verbs))('%s --help shows an example and --json', async (verb) => {
  const { code, stdout } = await inside(verb, '--help')
  expect(code).toBe(0)
  expect(stdout).toContain(`Example:\n  plimsoll ${verb}`)
  expect(stdout).toContain('--json')
})

test('runs with no engine in common are no comparison, and no gate that stands open', async () => {
  await inside('plan', 'good.yaml', '--users', '3', '--out', 'runs3')
  const both = ['compare', 'RUN1', 'RUN3', '--fail-on-regression', '2%'].map(runFolder)
  const told = await inside(...both)
  expect(told.code).toBe(104)
  expect(told.stderr).toContain('the first has simulated answers, the second solved answers.\nhint: ')
  const { code, stdout, stderr } = await inside(...both, '--json')
  expect(code).toBe(104)
  expect(JSON.parse(stdout)).toMatchObject({ rows: [] })
  expect(stderr).toBe(told.stderr)
})

test('a search that measures nothing says so, where the file has a target', async () => {
  const target = ['--set', 'target={ url: "http://127.0.0.1:9", driver: sessions }']
  const said = 'nothing is measured without --target URL'
  expect((await inside('find', 'good.yaml', ...target)).stderr).toContain(said)
  expect((await inside('find', 'good.yaml', '--engine', 'plan', ...target)).stderr).not.toContain(said)
})

test('a demo has no flags of an agent that it does not start', async () => {
  expect((await inside('find', '--help')).stdout).toContain('--intercept')
  expect((await inside('demo', '--help')).stdout).not.toContain('--intercept')
})

describe('--json prints nothing but JSON on stdout', () => {
  test.each<[args: string[]]>([
    [['init', 'new.yaml', '--json']],
    [['check', 'good.yaml', '--json']],
    [['check', 'bad.yaml', '--json']],
    [['plan', 'good.yaml', '--json']],
    [['simulate', 'good.yaml', '--users', '2', ...short, '--json']],
    [['find', 'good.yaml', '--engine', 'plan', '--json']],
    [['report', 'RUN1', '--json']],
    [['compare', 'RUN1', 'RUN2', '--json']],
  ])('%j', async (args) => {
    expect(JSON.parse((await inside(...args.map(runFolder))).stdout)).toBeTypeOf('object')
  })
})
