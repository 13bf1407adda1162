import { expect, test } from 'vitest'
import { Uniforms } from '../sessions/uniform.ts'
import { normalQuantile } from './normal-quantile.ts'
import { theilSen } from './theil-sen.ts'

const line = (y: (x: number) => number, n = 20) => Array.from({ length: n }, (_, x) => ({ x, y: y(x) }))

test('a line is itself', () => {
  expect(theilSen(line((x) => 3 * x + 7))).toEqual({ slope: 3, low: 3, high: 3 })
  expect(theilSen(line(() => 5))).toEqual({ slope: 0, low: 0, high: 0 })
})

test('five points out of twenty may be anything', () => {
  const wild = line((x) => (x % 4 === 1 ? 1e6 : 2 * x))
  expect(theilSen(wild)!.slope).toBeCloseTo(2, 9)
})

test('the example of Hollander and Wolfe, Nonparametric Statistical Methods (§9.3)', () => {
  // Cloud seeding: double ratios in years 1 to 5, here twice over so that the normal ranks hold; the slope stays.
  const ratios = [1.26, 1.27, 1.12, 1.16, 1.03]
  const slope = theilSen(
    ratios.flatMap((y, i) => [
      { x: i + 1, y },
      { x: i + 1, y },
    ]),
  )!.slope
  expect(slope).toBeCloseTo(-0.0558, 3)
})

test('too few points, or all at one place, tell nothing', () => {
  expect(theilSen(line((x) => x, 5))).toBeUndefined()
  expect(theilSen(Array.from({ length: 9 }, () => ({ x: 1, y: 2 })))).toBeUndefined()
})

test('the interval holds the slope in 95 % of samples', () => {
  const uniforms = new Uniforms(1)
  let held = 0
  for (let i = 0; i < 400; i++) {
    const seen = theilSen(line((x) => 0.5 * x + normalQuantile(uniforms.at(i, x, 0, 0, 60)) * 4))!
    if (seen.low <= 0.5 && 0.5 <= seen.high) held++
  }
  // Binomial(400, 0.95) lies below 366 once in 1,000 times; the interval may be a little wide.
  expect(held).toBeGreaterThan(365)
})
