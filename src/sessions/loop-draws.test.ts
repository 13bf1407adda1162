import { expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { laneOf } from './loop-draws.ts'
import { createSessions } from './sessions.ts'

const source = (tools: string): string => `
users: { turns: 3 }
models:
  main: { output: lognormal(mean 100 cv 0.5), ttft: exponential(mean 1s) }
  small: { output: lognormal(mean 50 cv 0.5), maxTokens: 60, input: { system: 300, toolResult: 40 } }
scenarios: [{ depth: geometric(mean 4), tools: [research], model: { main: 70%, small: 30% } }]
tools:
  research: ${tools}
  search: { fanOut: 2 }
`
const nested = '{ fanOut: 2, subagent: { depth: geometric(mean 3), model: small, tools: [search] } }'
const plain = '{ fanOut: 2 }'
const sessionsOf = (tools: string) => createSessions(read(source(tools)), 7, { users: 3 })

test('a sub-agent does not disturb what the root loop draws', () => {
  const [with_, without] = [sessionsOf(nested), sessionsOf(plain)]
  const drawn = (of: typeof with_): unknown =>
    Array.from({ length: 200 }, (_, session) => [
      of.depth(session, 0),
      of.model(session, 1),
      of.tokens(session, 1, 2),
      of.inputTokens(session, 2, 3),
      of.ttftMs(session, 1, 2, 0),
    ])
  expect(drawn(with_)).toEqual(drawn(without))
})

test('each of its loops has draws of its own, with the file’s means', () => {
  const draws = sessionsOf(nested).subagents[0]!
  const lanes = [1, 2, 3].flatMap((step) => [0, 1].map((index) => laneOf(0, step, index)))
  expect(new Set(lanes).size).toBe(6)
  let depth = 0
  for (let session = 0; session < 20_000; session++) depth += draws.depth(session, laneOf(1, 2, 1))
  // Standard error of the mean: √6 ÷ √20,000 = 0.017; four of them miss once in 16,000.
  expect(Math.abs(depth / 20_000 - 3)).toBeLessThan(0.07)
})

test('its input grows with its own steps, and its answers keep to its model', () => {
  const draws = sessionsOf(nested).subagents[0]!
  const lane = laneOf(0, 1, 0)
  expect(draws.inputTokens(5, lane, 1)).toBe(300)
  expect(draws.inputTokens(5, lane, 2)).toBe(300 + draws.tokens(5, lane, 1) + 2 * 40)
  for (let step = 1; step < 50; step++) expect(draws.tokens(5, lane, step)).toBeLessThanOrEqual(60)
})

test('turns ask the models by their shares', () => {
  const sessions = sessionsOf(plain)
  let main = 0
  for (let session = 0; session < 10_000; session++) if (sessions.model(session, 1) === 0) main++
  // Binomial with p = 0.7: four standard deviations are 183.
  expect(Math.abs(main - 7000)).toBeLessThan(183)
})
