import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { GoldenRun } from '../src/cli/golden-run.ts'
import { readGolden } from '../src/cli/read-golden.ts'
import { runLoad } from '../src/load/run-load.ts'
import { startFaultyServer } from './faulty-server.ts'
import { loadWorkload } from './load-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-golden-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const page = readFileSync(new URL('../docs/load.md', import.meta.url), 'utf8')
const [, example] = /```yaml\n(# golden\.yaml\n.*?)```/s.exec(page)!

test('the questions of the page, also as lines of JSON', () => {
  const { questions } = readGolden(written('golden.yaml', example!))
  expect(questions.map(({ expect: { kind } }) => kind)).toEqual([
    'regex',
    'contains',
    'json',
    'schema',
    'judge',
  ])
  expect(questions.map(({ name }) => name).slice(0, 2)).toEqual(['opening hours', 'question 2'])
  const line = '{"question": "a", "expect": "b", "slices": "c"}\n'
  expect(readGolden(written('golden.jsonl', line)).questions[0]).toMatchObject({ slices: ['c'] })
})

test.each([
  ['- { question: a }', /question 1: expect/],
  ['- { question: a, expect: b, slice: c }', /question 1: .*slice/],
  ['- { question: a, expect: { judge: [] } }', /judge: \[command/],
  ['- { question: a, expect: /(/ }', /question 1: Invalid regular expression/],
  ['- { question: a, expect: { judge: [x], timeout: soon } }', /question 1: /],
  [
    '- { name: x, question: a, expect: b }\n- { name: x, question: c, expect: d }',
    /two questions are named x/,
  ],
  ['question: a', /is not a list of questions/],
  ['[', /broken\.yaml: /],
  ['[]', /holds no question/],
])('a mistake in a golden file is told: %s', (text, message) => {
  expect(() => readGolden(written('broken.yaml', text))).toThrow(message)
})

test('a judge says by its exit code, in time, and what it prints is bounded', async () => {
  written(
    'judge.mjs',
    `let input = ''
process.stdin.on('data', (part) => (input += part)).on('end', () => {
  const { answer } = JSON.parse(input)
  if (answer === 'slow') setTimeout(() => {}, 60_000)
  else if (answer === 'loud') process.stdout.write('x'.repeat(10_000_000), () => process.exit(0))
  else process.exit(answer === 'right' ? 0 : answer === '$(exit 0)' ? 1 : 2)
})
`,
  )
  const { judge } = readGolden(written('golden.yaml', example!))
  const asking = (answer: string, command = [process.execPath, 'judge.mjs'], timeoutMs = 20_000) =>
    judge(
      { kind: 'judge', command: command as [string, ...string[]], timeoutMs },
      { name: 'one', question: 'what?', answer },
    )
  const answers = ['right', '$(exit 0)', 'strange', 'loud']
  expect(await Promise.all(answers.map((answer) => asking(answer)))).toEqual([true, false, undefined, true])
  expect(await asking('slow', undefined, 300)).toBeUndefined()
  expect(await asking('right', ['no-such-command'])).toBeUndefined()
})

test('answers that load makes worse are told by slice', async () => {
  let users = 0
  let isLoaded = false
  const answer = (text: string): string =>
    `event: token\ndata: ${JSON.stringify({ text, tokens: 1 })}\n\nevent: done\ndata: {}\n\n`
  const agent = await startFaultyServer('sessions', (response) => {
    const { content } = JSON.parse(agent.requests.at(-1)!.body) as { content: string }
    if (!content.includes('golden')) users++
    // Under load its look-ups fail, and it says something all the same.
    const text = content.includes('order') && isLoaded ? 'I could not look that up.' : 'shipped at 9 am'
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(answer(text))
  })
  const file = readGolden(
    written(
      'two.yaml',
      `- { name: hours, question: golden hours?, expect: 9 am, slices: [faq] }
- { name: order, question: golden order?, expect: shipped, slices: [orders] }
`,
    ),
  )
  const workload = loadWorkload({
    thresholds: [
      {
        text: 'golden',
        metricName: 'golden',
        tag: 'slice:orders',
        statistic: { kind: 'rate' },
        sign: '>',
        limit: 0.5,
      },
    ],
  })
  const common = {
    target: agent.url,
    driver: 'sessions',
    speed: 20,
    seed: 1,
    runId: 'golden',
    marker: 'suffix',
  } as const
  const signal = new AbortController().signal
  try {
    const golden = new GoldenRun(workload, file, {
      ...common,
      allowTarget: [],
      warmUp: 500,
      isRealModel: true,
      turnUsd: undefined,
    })
    await golden.askIdle(signal)
    expect(users).toBe(0)
    // Questions are asked from here on, and a slow machine sends the first of them before the first user's.
    isLoaded = true
    golden.begin()
    const { summary } = await runLoad(
      workload,
      { ...common, level: { users: 5 }, warmupMs: 500, measuredMs: 6000 },
      signal,
    )
    const told = await golden.end(summary)
    const { faq, orders } = told.golden!.slices
    expect(faq!.idle).toMatchObject({ answers: 15, passed: 15 })
    expect(orders!.idle).toMatchObject({ answers: 15, passed: 15 })
    expect(faq!.load).toMatchObject({ share: 1 })
    expect(orders!.load).toMatchObject({ passed: 0 })
    expect(orders!.load.answers).toBeGreaterThan(2)
    expect(told.golden!.worse.map(({ name }) => name)).toEqual(['order'])
    expect(told.objectives.at(-1)).toMatchObject({ text: 'golden', pass: false })
    // Who asks is no user: the turns of the run are the users' alone.
    expect(told.turns.started! + told.turns.inFlightAtStart!).toBeLessThanOrEqual(users)
    const asked = agent.requests.filter(({ body }) => body.includes('golden'))
    expect(asked.every(({ body }) => !body.includes('(ref'))).toBe(true)
  } finally {
    await agent.close()
  }
})

test('what may be spent is divided: enough answers, or a refusal', () => {
  const file = readGolden(written('golden.yaml', '- { question: a, expect: b }'))
  const options = {
    target: 'http://127.0.0.1:9',
    driver: 'sessions',
    speed: 1,
    seed: 1,
    runId: 'x',
    marker: 'suffix',
    allowTarget: [],
    warmUp: 0,
    isRealModel: true,
    turnUsd: 0.01,
  } as const
  const run = (maxSpend: number) => new GoldenRun(loadWorkload(), file, { ...options, maxSpend })
  // A fifth of $10 is 200 answers.
  expect(run(10).forUsersUsd).toBeCloseTo(8, 9)
  expect(() => run(1)).toThrow(/30 golden answers idle, and as many under load/)
  expect(() => new GoldenRun(loadWorkload(), file, { ...options, driver: 'twilio' })).toThrow(
    /asks in writing/,
  )
})
