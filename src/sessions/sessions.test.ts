import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { createSessions } from './sessions.ts'

const file = (think: string): string => `
name: drawn
users: { think: ${think} }
scenarios:
  - { name: short, weight: 3, say: [one, two], depth: 1, turns: 2 }
  - { name: long, weight: 1, say: [three], depth: { 2: 50%, 3: 50% }, tools: [lookup], turns: geometric(mean 4) }
tools: { lookup: { latency: exponential(mean 200ms), fanOut: { 1: 50%, 2: 50% } } }
model: { ttft: exponential(mean 500ms), perToken: 10ms, output: lognormal(mean 100 cv 1), maxTokens: 150,
  input: { system: 500, message: 20, toolResult: 80, history: window(4) } }
objectives: [turn p95 < 10s]
`
const workload = (think = 'exponential(mean 30s)') => parseWorkload(file(think)).workload!

test.each([
  ['exponential(mean 30s)', 30_000],
  ['45s', 22_500],
  ['lognormal(mean 45s cv 0.8)', (45_000 * 1.64) / 2],
])('a user of closed load is first met mid-think: of %s a mean of %d ms is left', (think, mean) => {
  const users = 20_000
  const sessions = createSessions(workload(think), 1, { users })
  let sum = 0
  for (let session = 0; session < users; session++) sum += sessions.startMs(session)
  // Four standard errors at the largest spread of the three, 1 %: the seed is fixed, one in 10,000 others would fail.
  expect(Math.abs(sum / users / mean - 1)).toBeLessThan(0.04)
  expect(sessions.startMs(users)).toBeNaN()
})

test('open load arrives at its rate, in order', () => {
  const sessions = createSessions(workload(), 1, { sessionsPerSecond: 5 })
  const starts = Array.from({ length: 10_000 }, (_, session) => sessions.startMs(session))
  expect(starts).toEqual(starts.toSorted((a, b) => a - b))
  expect(Math.abs(starts.at(-1)! / 2_000_000 - 1)).toBeLessThan(0.04)
})

test('scenarios come in proportion to their weights', () => {
  const sessions = createSessions(workload(), 1, { users: 1 })
  const long = Array.from({ length: 10_000 }, (_, session) => sessions.scenario(session)).filter(
    (s) => s === 1,
  )
  expect(Math.abs(long.length / 10_000 - 0.25)).toBeLessThan(0.02)
})

const place = fc.tuple(fc.nat(100_000), fc.nat(20), fc.integer({ min: 1, max: 12 }), fc.nat(3))

test('every draw is a function of its place: asking in another order changes nothing', () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), (places) => {
      const drawn = (order: typeof places): Map<string, readonly unknown[]> => {
        const s = createSessions(workload(), 7, { users: 10 })
        return new Map(
          order.map(([session, turn, step, attempt]) => [
            `${session}.${turn}.${step}.${attempt}`,
            [
              s.scenario(session),
              s.turns(session),
              s.thinkMs(session, turn),
              s.text(session, turn),
              s.depth(session, turn),
              s.tokens(session, turn, step),
              s.inputTokens(session, turn, step),
              s.ttftMs(session, turn, step, attempt),
              s.fanOut(session, turn, step),
            ],
          ]),
        )
      }
      const forwards = drawn(places)
      const backwards = drawn(places.toReversed())
      for (const [key, values] of forwards) expect(backwards.get(key)).toEqual(values)
    }),
    { numRuns: 50 },
  )
})

test('context grows along the loop and along the conversation, to its window', () => {
  const sessions = createSessions(workload(), 3, { users: 1 })
  const long = Array.from({ length: 100 }, (_, session) => session).find((s) => sessions.scenario(s) === 1)!
  const at = (turn: number, step: number): number => sessions.inputTokens(long, turn, step)
  expect(at(0, 1)).toBe(520)
  expect(at(0, 2)).toBe(520 + sessions.tokens(long, 0, 1) + 80 * sessions.fanOut(long, 0, 1))
  const answer = (turn: number): number => sessions.tokens(long, turn, sessions.depth(long, turn))
  expect(at(1, 1)).toBe(520 + answer(0) + 20)
  expect(at(5, 1)).toBe(520 + answer(4) + 20 + answer(3) + 20)
})

test('no call says more than max_tokens', () => {
  const sessions = createSessions(workload(), 3, { users: 1 })
  const all = Array.from({ length: 2000 }, (_, session) => sessions.tokens(session, 0, 1))
  expect(Math.max(...all)).toBe(150)
  expect(Math.min(...all)).toBeGreaterThanOrEqual(1)
})
