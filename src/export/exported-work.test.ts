import { describe, expect, test } from 'vitest'
import { formatProblems } from '../workload/format-problems.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { type ExportedWork, NotExportable, exportedWork } from './exported-work.ts'
import { k6Script } from './k6-script.ts'
import { locustScript } from './locust-script.ts'

const secret = 'Bearer hidden-key-123'

function exported(target: string, more = '') {
  const source = `name: a\ntarget: { url: "http://localhost:1/", ${target} }\n${more}`
  const { workload, problems } = parseWorkload(source, { env: { KEY: secret } })
  if (!workload) throw new Error(formatProblems(problems, 'test.yaml'))
  return exportedWork(workload)
}

test('secrets stay in the environment, in both scripts', () => {
  const { work, notes } = exported('driver: sessions, headers: { x-api-key: "${env:KEY}", x-team: blue }')
  expect(work.headers).toEqual({ 'x-api-key': '${X_API_KEY}', 'x-team': 'blue' })
  expect(notes).toContain(
    'header x-api-key holds a secret: set X_API_KEY in the environment to its whole value',
  )
  for (const write of [k6Script, locustScript]) expect(write(work, 1, 1)).not.toContain('hidden-key')
})

test('what a target demands beyond requests is told', () => {
  const { notes } = exported('driver: sessions, cookies: true, http2: true')
  expect(notes).toContain('cookies are left to the tester: k6 keeps them for each user, and so does Locust')
  expect(notes).toContain('certificates and HTTP/2 of the target are left out')
  expect(() => exported('driver: sessions, login: { path: /login }')).toThrow(/its users log in/)
})

test('draws are constants or tables with the mean of what they stand for', () => {
  const { work } = exported(
    'driver: sessions',
    'users: { think: 2s, turns: geometric(mean 5), patience: lognormal(mean 60s cv 0.5) }',
  )
  expect(work.scenarios[0]!.think).toBe(2)
  const meanOf = (table: readonly number[]): number =>
    table.slice(1).reduce((sum, value, i) => sum + (value + table[i]!) / 2, 0) / (table.length - 1)
  // Cut at 0.1 % and 99.9 %, the tables lose less than 2 % of their mean.
  expect(meanOf(work.patience as number[])).toBeCloseTo(60, 0)
  expect(Math.abs(meanOf(work.scenarios[0]!.turns as number[]) - 5)).toBeLessThan(0.1)
})

test('objectives are thresholds, and what cannot be seen is said', () => {
  const { work, notes } = exported(
    'driver: sessions',
    'scenarios: [{ name: faq }]\nobjectives: [turn p99.5 < 3s, "[faq] turn mean < 1s", errors < 1%, ttft p95 < 1s, itl p99 < 1s]',
  )
  expect(
    work.objectives.map(({ metric, aggregate, limit, scenario }) => [metric, aggregate, limit, scenario]),
  ).toEqual([
    ['turn', 'p(99.5)', 3000, undefined],
    ['turn', 'avg', 1000, 'faq'],
    ['errors', 'rate', 0.01, undefined],
  ])
  expect(notes.filter((note) => note.includes('is left out'))).toHaveLength(2)
})

describe('targets', () => {
  test.each<[target: string, path: string, body: unknown]>([
    ['driver: sessions', '/api/sessions/{session}/messages', { content: '{text}' }],
    ['driver: openai, model: m', '/chat/completions', { model: 'm', messages: '{messages}', max_tokens: 9 }],
    [
      'driver: openai, model: gpt-5',
      '/chat/completions',
      { model: 'gpt-5', messages: '{messages}', max_completion_tokens: 9 },
    ],
    [
      'driver: responses, model: m',
      '/responses',
      { model: 'm', input: '{messages}', store: false, max_output_tokens: 9 },
    ],
    ['driver: anthropic, model: m', '/messages', { model: 'm', max_tokens: 9, messages: '{messages}' }],
  ])('%s', (target, path, body) => {
    const { work } = exported(target, 'model: { maxTokens: 9 }')
    expect(work.send).toMatchObject({ method: 'POST', path, body })
  })

  const poll =
    'poll: { path: "/jobs/{job}", job: /id, interval: 1s, limit: 9s, done: { at: /status, is: done } }'
  test.each<[target: string, why: RegExp]>([
    [
      `driver: http, http: { send: { path: /a, body: {} }, answer: { format: json, text: /a }, ${poll} }`,
      /poll/,
    ],
    [
      'driver: websocket, websocket: { path: /a, send: { body: {} }, answer: { text: /a, end: /b } }',
      /websocket/,
    ],
  ])('%s', (target, why) => {
    expect(() => exported(target)).toThrow(why)
  })

  test('none at all', () => {
    const { workload } = parseWorkload('name: a')
    expect(() => exportedWork(workload!)).toThrow(NotExportable)
  })
})

test('texts cannot leave their place in a script', () => {
  const hostile = '"""\n*/ ${process} \\" \u2028 `'
  const { work } = exported('driver: sessions')
  const named: ExportedWork = { ...work, name: hostile, url: `http://a/${hostile}` }
  // The comment and the docstring hold one line each; all else is JSON.
  expect(k6Script(named, 1, 1).split('\n').slice(0, 3).join('\n')).toMatch(/^\/\/ .*\n\/\/ .*\nimport http/)
  expect(locustScript(named, 1, 1).match(/"""/g)!.length).toBe(locustScript(work, 1, 1).match(/"""/g)!.length)
})
