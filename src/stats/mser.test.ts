import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mser5 } from './mser.ts'

/** Σ(y − ȳ)² ÷ (n − d)² over batches of five, straight from the definition. */
function byDefinition(values: readonly number[]): number | undefined {
  const means = Array.from({ length: Math.floor(values.length / 5) }, (_, i) =>
    values.slice(5 * i, 5 * i + 5).reduce((sum, value) => sum + value / 5, 0),
  )
  const errors = means.slice(0, means.length - 4).map((_, d) => {
    const left = means.slice(d)
    const mean = left.reduce((sum, value) => sum + value, 0) / left.length
    return left.reduce((sum, value) => sum + (value - mean) ** 2, 0) / left.length ** 2
  })
  const best = errors.indexOf(Math.min(...errors))
  return best > means.length / 2 ? undefined : best * 5
}

test('agrees with the definition on any values', () => {
  const values = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 100, maxLength: 300 })
  fc.assert(
    fc.property(values, (each) => {
      // Ties aside, which rounding decides.
      const [ours, defined] = [mser5(each), byDefinition(each)]
      const spread = new Set(each.map((value) => value.toFixed(3))).size
      if (spread > 50) expect(ours).toBe(defined)
    }),
    { seed: 1 },
  )
})

const noise = (i: number): number => ((i * 7919) % 101) / 101

test('a ramp that ends is dropped, and little more', () => {
  const values = Array.from({ length: 500 }, (_, i) => Math.min(i, 100) + noise(i))
  const dropped = mser5(values)!
  expect(dropped).toBeGreaterThanOrEqual(90)
  expect(dropped).toBeLessThanOrEqual(115)
})

test('what is level from the start is kept', () => {
  expect(mser5(new Float64Array(500).fill(3))).toBe(0)
  expect(mser5(Array.from({ length: 500 }, (_, i) => noise(i)))).toBeLessThan(50)
})

test.each([
  ['one value without an exact sum', Array.from({ length: 500 }, () => 0.1)],
  ['a period of one batch', Array.from({ length: 500 }, (_, i) => [7, 15, 16, 11, 0][i % 5]!)],
  ['a period that begins anywhere', Array.from({ length: 500 }, (_, i) => [0.1, 0.7, 0.3, 1.1, 0.9][i % 5]!)],
])('%s is level from the start: rounding is no growth', (_, values) => {
  expect(mser5(values)).toBe(0)
})

test.each([
  ['what grows to the end', Array.from({ length: 500 }, (_, i) => i + noise(i))],
  ['a level that is reached late', Array.from({ length: 500 }, (_, i) => Math.min(i, 400) + noise(i))],
  ['too few values', Array.from({ length: 99 }, noise)],
])('%s: the rule knows that it cannot tell', (_, values) => {
  expect(mser5(values)).toBeUndefined()
})
