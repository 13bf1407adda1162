import { expect, test } from 'vitest'
import { loadShape, peakOf, shapeAtCapacity, usualPeakToAverage } from './peak-to-average.ts'

test('40 in the mean at a ratio of 2 are 80', () => {
  expect(peakOf(40, 2)).toBe(80)
  const { business, consumer } = usualPeakToAverage
  expect(
    [business.low, business.high, consumer.low, consumer.high].map((ratio) => peakOf(40, ratio)),
  ).toEqual([60, 100, 80, 160])
})

const officeHours = Array.from({ length: 24 }, (_, hour) => (hour >= 9 && hour < 17 ? 1 : 0))

test.each([
  ['even', Array.from({ length: 24 }, () => 7), 1, 0, 1 / 24],
  ['eight even office hours', officeHours, 3, 9, 1 / 8],
  ['quarters of a day', [10, 20, 50, 20], 2, 2, 0.5],
])('%s', (_, counts, peakToAverage, busiest, busiestShare) => {
  const shape = loadShape(counts)
  expect(shape).toMatchObject({ peakToAverage, busiest })
  expect(shape.busiestShare).toBeCloseTo(busiestShare, 12)
})

test('capacity for the mean turns away what the peak has above it; capacity for the peak stands idle', () => {
  const shape = loadShape([10, 20, 50, 20])
  expect(shapeAtCapacity(shape, 1)).toEqual({ overloadedParts: 1, beyondShare: 0.25, utilisation: 0.75 })
  expect(shapeAtCapacity(shape, 1.5)).toEqual({
    overloadedParts: 1,
    beyondShare: 0.125,
    utilisation: 0.875 / 1.5,
  })
  expect(shapeAtCapacity(shape, 2)).toEqual({ overloadedParts: 0, beyondShare: 0, utilisation: 0.5 })
})

test.each([[[]], [[0, 0]], [[3, -1]], [[Number.NaN]]])('%j has no shape', (counts) => {
  expect(() => loadShape(counts)).toThrow(RangeError)
})
