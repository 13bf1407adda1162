import { expect, test } from 'vitest'
import { atLevel } from '../result/verdict/at-level.ts'
import { read } from '../workload/fixture-read.ts'
import { levelUncertainty } from './level-uncertainty.ts'
import { plan, planAt } from './plan.ts'

const source = (think: string, more = ''): string => `
users: { think: ${think} }
agent: { workers: 2, concurrency: 1 }
model: { ttft: exponential(mean 1s), output: 10, perToken: 0ms${more} }
objectives: [errors < 50%, turn p95 < 4s]
`

test('at a level, the worst objective lies between its values at the ends of the range', () => {
  const at = (think: string) => plan(read(source(think)), { users: 20 }).objectives[1]!.value!
  const found = levelUncertainty(read(source('20s..60s')), { users: 20 })!
  expect(found).toMatchObject({ objective: 'turn p95 < 4s', metric: 'turn', draws: 100, impossible: 0 })
  expect(found.value.least).toBe(at('60s'))
  expect(found.value.most).toBe(at('20s'))
  expect(found.value.low).toBeGreaterThan(found.value.least)
  expect(found.value.high).toBeLessThan(found.value.most)
  expect(found.inputs).toMatchObject([
    { path: 'users.think', low: '20s', high: '60s', valueAtLow: at('20s'), valueAtHigh: at('60s') },
  ])
  // As many draws hold as lie on the good side of the think time at which 4 s are met.
  let [low, high] = [20, 60]
  for (let i = 0; i < 20; i++) {
    const middle = (low + high) / 2
    if (at(`${middle}s`) < 4000) high = middle
    else low = middle
  }
  expect(Math.abs(found.holds - (100 * (60 - high)) / 40)).toBeLessThanOrEqual(1)
})

test('a price that is known roughly spreads the price of a turn, and no time', () => {
  const workload = read(source('30s', ', price: { input: $1, output: $1..$3 }'))
  const uncertainty = levelUncertainty(workload, { users: 20 })!
  expect(uncertainty.perTurnUsd).toMatchObject({ least: 1e-5, most: 3e-5 })
  expect(uncertainty.value.least).toBe(uncertainty.value.most)
  const inputs = { given: 3, preset: 0, measured: 0, guessed: 0 }
  const [wide, sure] = atLevel({ ...planAt(workload, { users: 20 }), uncertainty }, inputs)
  expect(wide!.text).toMatch(/draws; \$0\.000011 to \$0\.000029 a turn$/)
  expect(sure!.text).toContain('of 3 inputs 3 given')
})

test('without ranges there is nothing to spread', () => {
  expect(levelUncertainty(read(source('30s')), { users: 20 })).toBeUndefined()
})
