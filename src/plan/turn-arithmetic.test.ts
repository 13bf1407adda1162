import { expect, test } from 'vitest'
import { constant } from '../stats/distributions.ts'
import { fixtureWorkload } from './fixture-workload.ts'
import { planAt } from './plan-at.ts'

const input = { system: constant(1000), message: constant(50), toolResult: constant(200), historyMessages: 0 }
const loop = (depth: number, cached = 0) =>
  planAt(
    fixtureWorkload({
      scenario: { depth: constant(depth), input, output: constant(100), tools: [0] },
      model: { cached, output: constant(100) },
      tools: [
        {
          name: 'search',
          latency: constant(100),
          capacity: Infinity,
          failure: 0,
          fanOut: constant(1),
          arguments: {},
        },
      ] as never,
      agent: { workers: Infinity },
    }),
    { users: 60 },
  )

// One exchange is 1,050 + 100. Step k reads 1,050 and the answers and results of k − 1 steps, 300 each: n · 1050 + 300 · n(n − 1) ÷ 2.
test.each([
  [1, 1050, 1],
  [2, 2400, 2.2609],
  [8, 16_800, 15.3043],
  [11, 28_050, 25.3478],
])('%i calls read %i tokens: %d times a plain exchange', (depth, inputTokens, multiple) => {
  const turn = loop(depth).turn!
  expect(turn.inputTokens).toBeCloseTo(inputTokens, 6)
  expect(turn.plainTokens).toBeCloseTo(1150, 6)
  expect(turn.multiple).toBeCloseTo(multiple, 3)
  expect(turn.growth.at(-1)?.timesOneCall ?? 1).toBeCloseTo(inputTokens / 1050, 9)
})

test('the cache discounts what is read again', () => {
  expect(loop(8, 0.9).turn!.growth[0]!.uncachedTokens).toBeCloseTo(1680, 6)
})

test('calls in flight by Little’s law, beside one call a turn', () => {
  const { turn, turns } = loop(8)
  expect(turn!.callsPerSecond).toBeCloseTo(8 * turns.perSecond, 9)
  expect(turn!.callsInFlight / turn!.callsInFlightIfOne).toBeCloseTo(8, 9)
})
