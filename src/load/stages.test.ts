import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { atDayTime } from '../sessions/day-curve.ts'
import {
  arrivalMs,
  durationMs,
  peakLevel,
  shapeOfLevel,
  shapeOfStages,
  shapeOverDay,
  spansOfUser,
  valueAt,
} from './stages.ts'

const users = (...stages: [durationMs: number, target: number][]) =>
  shapeOfStages({ of: 'users', stages: stages.map(([durationMs, target]) => ({ durationMs, target })) })

test('stages are straight lines from 0, each to its target', () => {
  const shape = users([60_000, 10], [180_000, 50], [0, 20], [60_000, 20])
  expect(durationMs(shape)).toBe(300_000)
  expect(peakLevel(shape)).toEqual({ users: 50 })
  expect([0, 30_000, 60_000, 150_000, 239_999.999, 240_000, 300_000].map((at) => valueAt(shape, at))).toEqual(
    [0, 5, 10, 30, expect.closeTo(50, 3), 20, 20],
  )
})

test.each<[string, Parameters<typeof users>, number, [number, number][]]>([
  [
    'a jump',
    [
      [0, 3],
      [1000, 3],
    ],
    2,
    [[0, 1000]],
  ],
  [
    'nobody beyond the level',
    [
      [0, 3],
      [1000, 3],
    ],
    3,
    [],
  ],
  [
    'up a ramp',
    [
      [1000, 10],
      [1000, 10],
    ],
    4,
    [[500, 2000]],
  ],
  [
    'the last one of a ramp',
    [
      [1000, 10],
      [1000, 10],
    ],
    9,
    [[1000, 2000]],
  ],
  [
    'up and down',
    [
      [1000, 10],
      [1000, 0],
    ],
    4,
    [[500, 1500]],
  ],
  [
    'twice',
    [
      [100, 4],
      [100, 0],
      [100, 4],
      [100, 4],
    ],
    1,
    [
      [50, 150],
      [250, 400],
    ],
  ],
  [
    'down by a jump',
    [
      [0, 5],
      [500, 5],
      [0, 1],
      [500, 1],
    ],
    3,
    [[0, 500]],
  ],
])('a user is there: %s', (_, stages, user, spans) => {
  const shape = users(...stages)
  expect(spansOfUser(shape, user).map((span) => [span.fromMs, span.untilMs])).toEqual(spans)
})

test('at any instant as many users are there as the level says', () => {
  const stage = fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 12 }))
  fc.assert(
    fc.property(
      fc.array(stage, { minLength: 1, maxLength: 6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (stages, share) => {
        const shape = users(...stages)
        const atMs = share * durationMs(shape)
        const value = valueAt(shape, atMs)
        // At an instant where the level is whole, rounding decides on which side of it a user is.
        fc.pre(
          durationMs(shape) > 0 && atMs < durationMs(shape) && Math.abs(value - Math.round(value)) > 1e-6,
        )
        const there = Array.from({ length: 12 }, (_, user) => spansOfUser(shape, user)).filter((spans) =>
          spans.some((span) => span.fromMs <= atMs && atMs < span.untilMs),
        )
        expect(there).toHaveLength(Math.floor(value))
      },
    ),
  )
})

test('arrivals of a steady rate are spaced by it', () => {
  const shape = shapeOfLevel({ sessionsPerSecond: 4 }, 10_000)
  expect([0, 1, 2.5, 39].map((unit) => arrivalMs(shape, unit))).toEqual([0, 250, 625, 9750])
  expect(arrivalMs(shape, 40)).toBe(Infinity)
})

test('arrivals of a ramp follow the integral of the rate', () => {
  const shape = shapeOfStages({
    of: 'sessionsPerSecond',
    stages: [
      { durationMs: 10_000, target: 2 },
      { durationMs: 5000, target: 2 },
      { durationMs: 10_000, target: 0 },
    ],
  })
  // Over the first 10 s the integral is t²/10.
  expect(arrivalMs(shape, 2.5)).toBeCloseTo(5000, 9)
  expect(arrivalMs(shape, 10)).toBeCloseTo(10_000, 9)
  expect(arrivalMs(shape, 15)).toBeCloseTo(12_500, 9)
  expect(arrivalMs(shape, 27.5)).toBeCloseTo(20_000, 9)
  expect(arrivalMs(shape, 30)).toBe(Infinity)
})

test('arrivals never go back in time', () => {
  const stage = fc.record({
    durationMs: fc.integer({ min: 0, max: 9000 }),
    target: fc.integer({ min: 0, max: 200 }).map((tenths) => tenths / 10),
  })
  fc.assert(
    fc.property(fc.array(stage, { minLength: 1, maxLength: 5 }), (stages) => {
      const shape = shapeOfStages({ of: 'sessionsPerSecond', stages })
      let lastMs = 0
      for (let unit = 0; unit < 100; unit += 0.7) {
        const atMs = arrivalMs(shape, unit)
        if (atMs === Infinity) break
        expect(atMs).toBeGreaterThanOrEqual(lastMs - 1e-6)
        expect(atMs).toBeLessThanOrEqual(durationMs(shape))
        lastMs = atMs
      }
    }),
  )
})

test('a shape over the day: the level times the share of its hour, and arrivals where the simulator has them', () => {
  const hourMs = 3_600_000
  const day = Array.from({ length: 24 }, (_, hour) => (hour % 3 === 0 ? 1 : hour % 3 === 1 ? 0.5 : 0))
  const level = { sessionsPerSecond: 2 }
  const steady = shapeOverDay(shapeOfLevel(level, 30 * hourMs), day)
  expect([0.5, 1.5, 2.5, 24.5, 25.5].map((hours) => valueAt(steady, hours * hourMs))).toEqual([2, 1, 0, 2, 1])
  for (const unit of [0, 1, 7199, 7201, 10_799, 10_801, 90_000])
    expect(arrivalMs(steady, unit)).toBeCloseTo(atDayTime(day, unit / 2), 4)
  const ramp = shapeOverDay(shapeOfLevel(level, 4 * hourMs, 2 * hourMs), day)
  expect([0.5, 1.5, 2.5, 3.5].map((hours) => valueAt(ramp, hours * hourMs))).toEqual([0.5, 0.75, 0, 2])
})
