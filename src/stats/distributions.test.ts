import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Distribution } from './distribution.ts'
import {
  constant,
  empirical,
  exponential,
  gamma,
  geometric,
  lognormal,
  lognormalOfQuantiles,
  scaled,
  uniform,
} from './distributions.ts'

/**
 * E of `f(X)` as an integral of `f(quantile(p))` over p, by the trapezoid rule after p = 1/(1 + e^−t), which
 * converges exponentially for smooth quantiles.
 */
function expectation(distribution: Distribution, f: (x: number) => number): number {
  const step = 0.002
  let sum = 0
  for (let t = -36; t <= 36; t += step) {
    const p = 1 / (1 + Math.exp(-t))
    if (p > 0 && p < 1) sum += (f(distribution.quantile(p)) * Math.exp(-t)) / (1 + Math.exp(-t)) ** 2
  }
  return sum * step
}

const continuous: Distribution[] = [
  constant(3),
  exponential(30),
  lognormal(45, 0.8),
  lognormal(45, 2),
  lognormalOfQuantiles(400, 1200),
  gamma(3, 2),
  gamma(3, 1),
  gamma(3, 0.2),
  gamma(5, 4),
  uniform(2, 5),
  scaled(lognormal(2, 0.5), 1000),
]
const discrete: Distribution[] = [
  geometric(5),
  geometric(1),
  geometric(1.2),
  empirical([
    { value: 5, share: 0.2 },
    { value: 1, share: 0.5 },
    { value: 2, share: 0.3 },
  ]),
]

describe.each([
  ['continuous', continuous, 1e-5],
  ['discrete', discrete, 5e-3],
] as const)('%s', (_, distributions, relative) => {
  test.each(distributions.map((each) => [String(each), each] as const))(
    'moments of %s',
    (_, distribution) => {
      const mean = expectation(distribution, (x) => x)
      const variance = expectation(distribution, (x) => (x - distribution.mean) ** 2)
      expect(Math.abs(mean / distribution.mean - 1)).toBeLessThan(relative)
      expect(Math.abs(variance - distribution.variance)).toBeLessThanOrEqual(
        relative * distribution.variance + 1e-12,
      )
    },
  )
})

test('quantiles never fall', () => {
  const p = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })
  fc.assert(
    fc.property(fc.constantFrom(...continuous, ...discrete), p, p, (distribution, p, q) => {
      const [low, high] = [Math.min(p, q), Math.max(p, q)]
      const below = distribution.quantile(low)
      // Iterated inverses agree to rounding.
      expect(below).toBeLessThanOrEqual(distribution.quantile(high) * (1 + 1e-9))
    }),
    { numRuns: 2000 },
  )
})

test.each([
  [exponential(10), 0.5, 10 * Math.LN2],
  [lognormalOfQuantiles(400, 1200), 0.5, 400],
  [lognormalOfQuantiles(400, 1200), 0.95, 1200],
  [geometric(2), 0.5, 1],
  [geometric(2), 0.51, 2],
  [geometric(2), 0.76, 3],
  [uniform(2, 5), 0.25, 2.75],
  [discrete[3]!, 0.5, 1],
  [discrete[3]!, 0.51, 2],
  [discrete[3]!, 0.9, 5],
])('%s has quantile %s at %s', (distribution, p, value) => {
  expect(distribution.quantile(p)).toBeCloseTo(value, 9)
})

test('gamma of cv 1 is the exponential, of cv 1/√k the Erlang', () => {
  for (const p of [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999999])
    expect(gamma(7, 1).quantile(p) / exponential(7).quantile(p)).toBeCloseTo(1, 10)
})

test('words', () => {
  expect(String(lognormal(45_000, 0.8, 'lognormal(mean 45s cv 0.8)'))).toBe('lognormal(mean 45s cv 0.8)')
  expect(String(discrete[3])).toBe('{ 5: 20%, 1: 50%, 2: 30% }')
})

test.each([
  () => exponential(NaN),
  () => exponential(-1),
  () => lognormal(1, -1),
  () => lognormalOfQuantiles(2, 1),
  () => geometric(0.5),
  () => uniform(3, 2),
  () => empirical([]),
  () => constant(Infinity),
])('what makes no sense throws: %s', (make) => {
  expect(make).toThrow(RangeError)
})
