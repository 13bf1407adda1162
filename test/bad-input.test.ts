import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { inProcess } from './in-process.ts'
import { plimsoll } from './plimsoll.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bad-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghijk'
    .split('')
    .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(', ')}]`),
].join('\n')

const good = 'name: good\nmodel: { output: 10, ttft: 10ms, perToken: 1ms }\n'

describe('a bad file', () => {
  test.each([
    ['an unknown key', `${good}usres: { think: 3s }\n`, /:3:1: .*usres/, /users/],
    ['a wrong unit', `${good}users: { think: 45 parsecs }\n`, /:3:\d+: .*think/, /45s/],
    ['a negative number', `${good}agent: { workers: -5 }\n`, /:3:\d+: .*workers/, /./],
    ['not a number', `${good}agent: { workers: .nan }\n`, /:3:\d+: .*workers/, /./],
    ['no scenario', `${good}scenarios: []\n`, /:3:\d+: .*scenarios/, /./],
    ['aliases that explode', bomb, /alias/i, /./],
    ['broken YAML', 'name: [unclosed\n', /:\d+:\d+: /, /./],
    [
      'a secret that is not there',
      `${good}target: { url: "http://localhost:1", driver: sessions, headers: { authorization: "Bearer \${env:NO_SUCH_TOKEN}" } }\n`,
      /NO_SUCH_TOKEN/,
      /./,
    ],
  ])('%s', async (name, text, place, hint) => {
    const path = file(`${name.replaceAll(' ', '-')}.yaml`, text)
    const { code, stderr } = await inProcess(['check', path])
    expect(stderr).toMatch(place)
    expect(stderr).toMatch(hint)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(code).toBe(104)
  })

  test('every mistake at once', async () => {
    const path = file(
      'many.yaml',
      `${good}usres: 1\nagent: { workers: -5, quee: 3 }\nobjectives: [turn p95 < 10 bananas]\n`,
    )
    const { code, stderr } = await plimsoll(['check', path])
    for (const word of ['usres', 'workers', 'quee', 'bananas']) expect(stderr).toContain(word)
    expect(code).toBe(104)
  })

  test('50 MB', async () => {
    const path = file('huge.yaml', 'x'.repeat(50_000_000))
    const { code, stderr } = await plimsoll(['plan', path])
    expect(stderr).toMatch(/50 MB/)
    expect(code).toBe(104)
  })

  test('that is not there, and a flag that is wrong', async () => {
    expect(await plimsoll(['plan', join(folder, 'nowhere.yaml')])).toMatchObject({ code: 104, stdout: '' })
    expect(await inProcess(['simulate', file('good.yaml', good), '--users', 'many'])).toMatchObject({
      code: 104,
    })
    expect(await inProcess(['plan', file('good.yaml', good), '--set', 'agent.workers'])).toMatchObject({
      code: 104,
    })
    expect(await plimsoll(['plann'])).toMatchObject({ code: 104 })
  })
})

describe('a flag that is wrong', () => {
  const priced = join(folder, 'priced.yaml')

  test.each([
    ['a price without its output', ['init', priced, '--price', '0.4/'], 'dollars for a million tokens'],
    ['a price that is none', ['init', priced, '--price', '/'], 'dollars for a million tokens'],
    ['a price without an end', ['init', priced, '--price', '1/Infinity'], 'dollars for a million tokens'],
    [
      'an answer of no message',
      ['init', priced, '--answer', '/reply'],
      'where the text of its answer lies\nhint: record one: --from-curl',
    ],
    ['no seed', ['plan', 'any.yaml', '--seed', ''], 'a whole number, 0 or more'],
    [
      'the reference agent without a provider',
      ['load', file('alone.yaml', good), '--users', '2', '--reference', '--provider', 'none'],
      'which needs a provider behind it\nhint: ',
    ],
    ['a part of a user', ['export', 'k6', 'any.yaml', '--users', '0.3'], 'a whole number, 1 or more'],
  ])('%s', async (_, args, expected) => {
    const { code, stderr } = await inProcess(args)
    expect(stderr).toContain(expected)
    expect(code).toBe(104)
  })
})

describe('a file that cannot be written', () => {
  const missing = join(folder, 'no-such-folder', 'out')
  const through = ['--target', 'http://127.0.0.1:1', '--through', 'http://127.0.0.1:1', '--max-spend', '1']
  const target = 'target: { url: "http://localhost:1", driver: sessions }'
  const workload = (): string => file('written.yaml', `${good}${target}\n`)

  test.each<[string, () => string[]]>([
    ['export', () => ['export', 'k6', workload(), '--out', missing]],
    ['init', () => ['init', missing]],
    ['init --through, before anything is sent', () => ['init', missing, ...through]],
    ['init --record', () => ['init', join(folder, 'learned.yaml'), ...through, '--record', missing]],
  ])('%s', async (_, args) => {
    const { code, stderr } = await inProcess(args())
    expect(stderr).toContain(`${missing} cannot be written (ENOENT)\nhint: `)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(code).toBe(104)
  })

  test.each<[string, string[]]>([
    ['init --through', [folder]],
    ['init --record', [join(folder, 'learned.yaml'), '--record', folder]],
  ])('%s, where a folder has its name', async (_, args) => {
    const { code, stderr } = await inProcess(['init', ...args, ...through, '--force'])
    expect(stderr).toContain(`${folder} cannot be written (EISDIR)\nhint: `)
    expect(code).toBe(104)
  })

  test('report', async () => {
    await inProcess(['plan', workload(), '--out', folder])
    const run = readdirSync(folder).find((name) => name.endsWith('-good'))!
    const { code, stderr } = await inProcess(['report', join(folder, run), '--out', missing])
    expect(stderr).toContain(`${missing} cannot be written (ENOENT)\nhint: `)
    expect(code).toBe(104)
  })
})
