import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import { parseSweep, sweepOf, sweepText } from './sweep.ts'

const file = `
name: swept
users: { think: exponential(mean 30s) }
scenarios: [{ name: ask, say: [hello], depth: 1 }]
agent: { workers: 2, concurrency: 1 }
model: { ttft: exponential(mean 1s), perToken: 0ms, price: { input: $1, output: $1 }, input: { system: 999 }, output: 1 }
objectives: [turn p95 < 10s]
`

function read(overrides: readonly string[]): Workload {
  const set = overrides.map((text) => ({ path: text.split('=')[0]!, value: text.split('=')[1]! }))
  const { workload, problems } = parseWorkload(file, { overrides: set })
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}

test.each([
  ['agent.concurrency=1,10,50', 'agent.concurrency', ['1', '10', '50']],
  ['scenarios[0].depth={1: 50%, 2: 50%}, 3', 'scenarios[0].depth', ['{1: 50%, 2: 50%}', '3']],
  ['model.ttft = lognormal(mean 1s cv 1),2s', 'model.ttft', ['lognormal(mean 1s cv 1)', '2s']],
])('%s', (text, field, values) => {
  expect(parseSweep(text)).toEqual({ field, values })
})

test.each(['agent.concurrency', '=1', 'agent.concurrency=', 'agent.concurrency=1,,2'])(
  '%s is refused with an example',
  (text) => {
    expect(() => parseSweep(text)).toThrow(UserError)
  },
)

test('the file as it is, then each value: what it carries, costs, and what breaks it', () => {
  const sweep = parseSweep('agent.workers=2,4,1000')
  const swept = sweepOf(sweep, read, { headroom: 0.75 })
  const { rows } = swept
  expect(rows.map(({ value }) => value)).toEqual([undefined, '2', '4', '1000'])
  expect(rows[1]).toEqual({ value: '2', ...rows[0] })
  expect(rows[2]!.users).toBeGreaterThan(1.8 * rows[0]!.users!)
  expect(rows[0]).toMatchObject({ bottleneck: 'agent slots (2 turns)', brokenBy: 'turn p95 < 10s' })
  expect(rows[0]!.runAt).toBe(Math.floor(0.75 * rows[0]!.users!))
  // 1,000 tokens at $1 a million.
  for (const { cost } of rows) expect(cost!.perTurnUsd).toBeCloseTo(0.001, 12)
  const [head, first, second] = sweepText(swept).split('\n')
  expect(head).toMatch(/^ {2}agent\.workers +users +run at +\$\/turn +\$\/month +breaks first$/)
  expect(first).toContain('as in the file')
  expect(second).toMatch(/^ {2}2 .* 0 % /)
})

test('a field that is not there is the error of --set', () => {
  expect(() => sweepOf(parseSweep('agent.wrkers=2'), read, { headroom: 0.75 })).toThrow(/wrkers/)
})

test('at a rate of sessions: how each value fares there, and the most it carries', () => {
  const level = { sessionsPerSecond: 3 }
  const swept = sweepOf(parseSweep('agent.workers=2,4'), read, { headroom: 0.75, level })
  const [, two, four] = swept.rows
  // Two of 1 s each serve two a second: three are too many for ever. Four serve them.
  expect(two!.at).toEqual({ errors: 1, missed: ['turn p95 < 10s'], unstable: true })
  expect(two!.sessionsPerSecond).toBeLessThan(2)
  expect(four!.at).toMatchObject({ missed: [] })
  expect(four!.sessionsPerSecond).toBeGreaterThan(3)
  const text = sweepText(swept)
  expect(text).toMatch(/^ {2}at 3 sessions\/s\n/)
  expect(text).toMatch(/\n {2}2 +no end +100 % .*unstable/)
  expect(text).toMatch(/\n {2}4 .* – +3\.\d/)
})

test('of calls by telephone: calls a minute, what one costs, and the link that is full', () => {
  const calls = (overrides: readonly string[]): Workload =>
    parseWorkload(
      'phone: { calls: 9/min, duration: 3m, blocked: 1%, carrier: { concurrent: 10, perMinute: $0.01 } }',
      {
        overrides: overrides.map((text) => ({ path: text.split('=')[0]!, value: text.split('=')[1]! })),
      },
    ).workload!
  const swept = sweepOf(parseSweep('phone.carrier.concurrent=18,null'), calls, { headroom: 0.75 })
  const [, wider, free] = swept.rows
  // Erlang B: 18 channels lose 1 % of 10.44 erlangs.
  expect(wider!.sessionsPerSecond! * 180).toBeCloseTo(10.44, 2)
  expect(wider).toMatchObject({ bottleneck: 'carrier (18 calls)', brokenBy: 'blocked < 1 %' })
  expect(wider!.perCallUsd).toBeCloseTo(0.03, 9)
  expect(wider!.cost!.perMonthUsd).toBeCloseTo(wider!.runAt * 60 * 0.03 * 43_800, 6)
  expect(free!.unbounded).toBe(true)
  expect(sweepText(swept)).toMatch(/calls\/min +run at +\$\/call +\$\/month[^]*\n {2}18 +3\.48 +\+134 %/)
})
