import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Histogram } from './histogram.ts'

const values = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 })

test('a quantile is within a bucket, 0.8 %, of a value with that rank', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, p) => {
      const histogram = new Histogram()
      for (const value of all) histogram.add(value)
      const sorted = all.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(0, Math.ceil(p * all.length - 1e-9) - 1)]!
      const found = histogram.quantile(p)
      expect(Math.abs(found / exact - 1)).toBeLessThanOrEqual(1 / 128)
    }),
  )
})

test('merged histograms are the histogram of all', () => {
  fc.assert(
    fc.property(values, values, (some, others) => {
      const [a, b, both] = [new Histogram(), new Histogram(), new Histogram()]
      for (const value of some) a.add(value)
      for (const value of others) b.add(value)
      for (const value of [...some, ...others]) both.add(value)
      a.merge(b)
      expect([a.count, a.max]).toEqual([both.count, both.max])
      expect(a.sum / both.sum).toBeCloseTo(1, 12)
      for (const p of [0, 0.1, 0.5, 0.95, 1]) expect(a.quantile(p)).toBe(both.quantile(p))
    }),
  )
})

test('what lies above and below a limit adds up', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0.0005, max: 2e9, noNaN: true }), (all, limit) => {
      const histogram = new Histogram()
      for (const value of all) histogram.add(value)
      const above = all.filter((value) => value > limit).length
      const near = all.filter((value) => Math.abs(value / limit - 1) < 1 / 64).length
      expect(Math.abs(histogram.above(limit) - above)).toBeLessThanOrEqual(near)
    }),
  )
})

test('zeros and counts weigh', () => {
  const histogram = new Histogram()
  expect(histogram.quantile(0.5)).toBeNaN()
  histogram.addSame(0, 60)
  histogram.addSame(100, 40)
  expect(histogram.count).toBe(100)
  expect(histogram.quantile(0.5)).toBe(0)
  expect(histogram.quantile(0.9)).toBeCloseTo(100, 0)
  expect(histogram.above(0)).toBe(40)
})

test('a column is all of its values, one by one', () => {
  fc.assert(
    fc.property(values, (all) => {
      const [one, column] = [new Histogram(), new Histogram()]
      for (const value of [0, ...all]) one.add(value)
      column.addAll(Float64Array.of(0, ...all))
      expect([column.count, column.sum, column.max]).toEqual([one.count, one.sum, Math.max(...all)])
      for (const p of [0, 0.1, 0.5, 0.95, 1]) expect(column.quantile(p)).toBe(one.quantile(p))
      column.clear()
      expect([column.count, column.sum, column.max]).toEqual([0, 0, 0])
    }),
  )
})
