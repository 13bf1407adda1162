import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Distribution } from './distribution.ts'
import { exponential, gamma, lognormal, lognormalOfQuantiles, scaled, uniform } from './distributions.ts'
import { QuantileTable } from './quantile-table.ts'

const smooth: readonly Distribution[] = [
  exponential(30_000),
  lognormal(45_000, 0.8),
  lognormal(1, 5),
  lognormalOfQuantiles(450, 1200),
  gamma(80, 0.5),
  gamma(80, 2),
  scaled(exponential(1), 0.001),
  uniform(2, 5),
]
const bits = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  // Both ends, where cells become finer, and the middle, where the sides meet.
  ...[0, 2 ** 31, 2 ** 32 - 1].map((at) =>
    fc.nat(1000).map((by) => Math.min(2 ** 32 - 1, Math.max(0, at + (at > 0 ? -by : by)))),
  ),
)

test.each(smooth.map((of) => [String(of), of] as const))('%s is within 1e-8 of its quantile', (_, of) => {
  const table = new QuantileTable(of)
  fc.assert(
    fc.property(bits, (h) => {
      const exact = of.quantile((h + 0.5) / 2 ** 32)
      expect(Math.abs(table.at(h) - exact)).toBeLessThanOrEqual(1e-8 * exact)
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('what polynomials cannot follow stays exact', () => {
  const steep = gamma(1, 30)
  const table = new QuantileTable(steep)
  for (const h of [2 ** 20, 2 ** 24, 2 ** 28, 2 ** 31 - 1])
    expect(table.at(h)).toBe(steep.quantile((h + 0.5) / 2 ** 32))
})

test('one bit further is never less', () => {
  const table = new QuantileTable(lognormal(45_000, 0.8))
  fc.assert(
    fc.property(bits, (h) => h === 2 ** 32 - 1 || table.at(h + 1) >= table.at(h)),
    { seed: 1, numRuns: 500 },
  )
})

test('a value does not depend on what was asked before', () => {
  const of = lognormal(45_000, 0.8)
  const asked = [5, 2 ** 30, 2 ** 31, 123_456_789, 4_000_000_000]
  const forwards = new QuantileTable(of)
  const backwards = new QuantileTable(of)
  const values = asked.map((h) => forwards.at(h))
  expect(asked.toReversed().map((h) => backwards.at(h))).toEqual(values.toReversed())
  expect(QuantileTable.of(of)).toBe(QuantileTable.of(of))
})
