import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { ObjectiveResult } from '../result/summary.ts'
import { capacitySearch, type SearchBounds } from './capacity-search.ts'

const limit = 100

/** One objective whose value is `value(level)`, and the levels that were asked about. */
function objective(value: (level: number) => number) {
  const asked: number[] = []
  const at = (level: number): ObjectiveResult[] => {
    asked.push(level)
    return [{ text: 'o', value: value(level), pass: value(level) < limit }]
  }
  return { at, asked }
}

const closed: SearchBounds = { most: 100_000, open: false, limits: [limit] }

describe('whole users', () => {
  const boundaries = fc.integer({ min: 1, max: 99_998 })
  const shapes: [string, (boundary: number) => (level: number) => number][] = [
    ['a step', (boundary) => (level) => (level <= boundary ? 0 : 1e6)],
    ['a line', (boundary) => (level) => (limit * level) / (boundary + 0.5)],
    ['a cliff', (boundary) => (level) => limit * Math.exp(level - boundary - 0.5)],
    ['a knee', (boundary) => (level) => limit * (0.9 + 0.2 / (1 + Math.exp(-(level - boundary - 0.5) / 50)))],
  ]
  test.each(shapes)('%s: the last level that passes, wherever the search begins', (_, shape) => {
    const guesses = fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined })
    const slopes = fc.option(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { nil: undefined })
    fc.assert(
      fc.property(boundaries, guesses, slopes, (boundary, guess, slope) => {
        const { at, asked } = objective(shape(boundary))
        const point = capacitySearch(at, { ...closed, guess, slope })
        expect([point.value, point.broken]).toEqual([boundary, boundary + 1])
        expect(point.fractional).toBeGreaterThanOrEqual(boundary)
        expect(point.fractional).toBeLessThanOrEqual(boundary + 1)
        expect(asked.length).toBe(new Set(asked).size)
        // Three questions at worst for each halving of 100,000 levels, after the bracket.
        expect(asked.length).toBeLessThan(90)
      }),
      { seed: 1 },
    )
  })

  it('asks few questions of a smooth objective near a good guess', () => {
    const { at, asked } = objective((level) => limit * (level / 2109.4) ** 3)
    const point = capacitySearch(at, { ...closed, guess: 2000, slope: 3 })
    expect(point.value).toBe(2109)
    expect(point.fractional).toBeCloseTo(2109.4, 2)
    expect(asked.length).toBeLessThanOrEqual(6)
  })

  it('is nobody where one user is too many, and unbounded where none is', () => {
    expect(capacitySearch(objective(() => limit).at, { ...closed, guess: 700 })).toMatchObject({
      value: 0,
      broken: 1,
      unbounded: false,
    })
    const never = capacitySearch(objective(() => 1).at, closed)
    expect([never.value, never.unbounded, never.broken]).toEqual([100_000, true, undefined])
  })

  it('takes the objective that fails first', () => {
    const at = (level: number): ObjectiveResult[] =>
      [level / 300, level / 200].map((value) => ({ text: 'o', value, pass: value < 1 }))
    expect(capacitySearch(at, { ...closed, limits: [1, 1] }).value).toBe(199)
  })
})

test('rates to a ten-thousandth', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (boundary) => {
      const { at } = objective((level) => (limit * level) / boundary)
      const { value, fractional } = capacitySearch(at, { ...closed, open: true })
      // Four digits, and the step of the search.
      expect(Math.abs(value / boundary - 1)).toBeLessThan(5e-4 + 1e-4)
      expect(Math.abs(fractional / boundary - 1)).toBeLessThan(1e-6)
    }),
    { seed: 1 },
  )
})
