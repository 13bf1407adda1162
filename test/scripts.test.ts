import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readScript } from '../src/cli/read-script.ts'
import { readWorkload } from '../src/cli/read-workload.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { answerWell, type FaultyServer, startFaultyServer } from './faulty-server.ts'
import { plimsoll } from './plimsoll.ts'

const page = readFileSync(new URL('../docs/scripts.md', import.meta.url), 'utf8')
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!)

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-scripts-'))
let agent: FaultyServer

beforeAll(async () => {
  agent = await startFaultyServer('sessions', answerWell)
  writeFileSync(join(folder, 'orders.csv'), 'id,item\n1001,shoes\n1002,"mugs, two"\n')
  for (const [i, script] of blocks('ts').entries()) writeFileSync(join(folder, `users${i}.ts`), script)
  writeFileSync(
    join(folder, 'throws.ts'),
    `export default async ({ agent }: { agent: { say(text: string): Promise<{ text: string }> } }) => {
  const { text } = await agent.say('hello')
  JSON.parse(\`{\${text}\`)
}
`,
  )
  writeFileSync(
    join(folder, 'w.yaml'),
    `name: scripted
users: { think: 300ms }
scenarios:
  - { name: asks, weight: 1, script: users0.ts }
  - { name: checks, weight: 1, script: users1.ts }
  - { name: throws, weight: 1, script: throws.ts }
objectives: ['checks rate > 99%', 'answer_tokens{plan:pro} p(95) < 0.5', 'conversations count > 0']
`,
  )
})
afterAll(async () => {
  await agent.close()
  rmSync(folder, { recursive: true })
})

test('both scripts of the page run as they stand, beside one that throws: all is judged and told', async () => {
  const args = ['--users', '8', '--duration', '2s', '--speed', '2', '--json', '--report', 'junit=junit.xml']
  const { code, stdout, stderr } = await plimsoll(
    [
      'load',
      'w.yaml',
      '--target',
      agent.url,
      '--provider',
      'none',
      '--no-preflight',
      '--warm-up',
      '0s',
      ...args,
    ],
    { cwd: folder },
  )
  // 109 where a busy machine makes the numbers not valid; what was noted stands all the same.
  expect([107, 109], stderr).toContain(code)
  const isValid = code === 107
  expect(stderr).not.toMatch(/^\s+at /m)
  const { script, objectives, errors, turns } = JSON.parse(stdout) as {
    script: {
      checks: Record<string, { share: number; count: number }>
      metrics: Record<string, { sum?: number; dist?: { count: number } }>
      tags: Record<string, { completed: number }>
    }
    objectives: { text: string; pass: unknown }[]
    errors: { byKind: Record<string, number> }
    turns: { failed: number }
  }
  expect(errors.byKind).toEqual({ script: turns.failed })
  expect(turns.failed).toBeGreaterThan(0)
  expect(script.checks['it asks for the number']).toMatchObject({ share: 1 })
  expect(script.metrics['conversations']!.sum).toBeGreaterThan(0)
  expect(script.metrics['answer_tokens{plan:pro}']!.dist!.count).toBe(script.tags['step:where']!.completed)
  expect(objectives.map(({ text, pass }) => [text, pass])).toEqual([
    ['checks rate > 99%', expect.anything()],
    ['answer_tokens{plan:pro} p(95) < 0.5', isValid ? false : 'undecided'],
    ['conversations count > 0', isValid ? true : 'undecided'],
  ])
  expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain(
    `name="answer_tokens{plan:pro} p(95) &lt; 0.5"><${isValid ? 'failure' : 'skipped'}`,
  )
  const said = agent.requests.map(({ body }) => body).filter((body) => body.includes('content'))
  expect(said.some((body) => body.includes('I need help with my order'))).toBe(true)
  expect(said.some((body) => body.includes('Where is 1001?'))).toBe(true)
})

test.each([
  ['export const nothing = 1\n', /broken\.ts has no scenario as its default export/],
  ['export default 1\nconst x: = 3\n', /broken\.ts:2: /],
  ['enum Kind { a }\nexport default () => Kind.a\n', /broken\.ts:1: .*enum/],
  ['await Promise.resolve()\nexport default () => {}\n', /awaits at its top level/],
  ['export default () => {}\nthrow new Error("no luck")\n', /broken\.ts:2:7: no luck/],
  [
    "import { scenario } from 'plimsoll'\nexport default scenario({ data: { o: 'gone.csv' } }, () => {})\n",
    /data file gone\.csv cannot be read/,
  ],
  [
    "import { scenario } from 'plimsoll'\nexport default scenario({ data: { o: 'w.yaml' } }, () => {})\n",
    /w\.yaml is neither/,
  ],
])('a script that cannot be read: %#', (source, message) => {
  const path = join(mkdtempSync(join(folder, 'case-')), 'broken.ts')
  writeFileSync(path, source)
  writeFileSync(join(path, '../w.yaml'), '')
  expect(() => readScript(path)).toThrow(message)
})

test('a workload file may be TypeScript: checked with the environment and --set, mistakes with their paths', () => {
  const path = join(folder, 'work.ts')
  const write = (think: string): void =>
    writeFileSync(
      path,
      `import { defineWorkload } from 'plimsoll'
export default defineWorkload({
  name: 'defined',
  target: { url: 'http://localhost:1', driver: 'sessions', headers: { authorization: '\${env:HOME}' } },
  users: { think: '${think}' },
})
`,
    )
  const notes: string[] = []
  const io = { note: (text: string) => void notes.push(text) }
  write('30s')
  const workload = readWorkload(path, ['users.think=2s'], io)
  expect(workload).toMatchObject({
    name: 'defined',
    target: { headers: { authorization: process.env['HOME'] } },
  })
  expect(workload.users.think.mean).toBe(2000)
  const other = join(folder, 'other.ts')
  writeFileSync(other, readFileSync(path, 'utf8').replace('30s', '30 bananas'))
  expect(() => readWorkload(other, [], io)).toThrow(/users\.think: 30 bananas is not a duration/)
  expect(() => readWorkload(join(folder, 'users0.ts'), [], io)).toThrow(/no defineWorkload as its default/)
})

test('the example is a script, with its rows', () => {
  const script = readScript(fileURLToPath(new URL('../examples/scripts/order-status.ts', import.meta.url)))
  expect(script.data['orders']![0]).toEqual({ id: '1001', item: 'a pair of shoes' })
})

test('thresholds of the page are read where there is a script, and refused where there is none', () => {
  const [yaml] = blocks('yaml')
  const scripted = parseWorkload(`${yaml}scenarios: [{ script: users.ts }]\n`)
  expect(scripted.problems).toEqual([])
  expect(scripted.workload!.objectives.map(({ text }) => text)).toEqual(['turn p95 < 10s'])
  expect(scripted.workload!.thresholds).toHaveLength(4)
  const alone = parseWorkload(yaml!)
  expect(alone.problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('there is no metric answer_tokens'),
    expect.stringContaining('there is no metric asks_again'),
    expect.stringContaining('there is no metric conversations'),
  ])
})
