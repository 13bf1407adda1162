import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InterTokenTally, TokenGaps } from './inter-token-tally.ts'

const read = (gaps: { forEach(each: (gapMs: number, count: number) => void): void }): Map<number, number> => {
  const all = new Map<number, number>()
  gaps.forEach((gapMs, count) => all.set(Number(gapMs.toPrecision(6)), count))
  return all
}

test.each([
  [0, 0],
  [0.0004, 0],
  [0.001, 0.001],
  [0.0012345, 0.00123],
  [0.9996, 1],
  [1, 1],
  [19.97, 20],
  [20.04, 20],
  [20.06, 20.1],
  [99.96, 100],
  [123_456, 123_000],
  [9_996_000, 10_000_000],
  [87_654_321, 87_700_000],
])('a gap of %d ms is counted as %d ms', (gapMs, told) => {
  const gaps = new TokenGaps(100)
  gaps.add(99, gapMs, 7)
  gaps.add(100, gapMs, 2)
  gaps.add(101, gapMs, 1)
  expect(read(gaps)).toEqual(new Map([[told, 3]]))
})

test('every gap is counted, and at most half a unit of its third digit away', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.001, max: 8e7, noNaN: true }), { maxLength: 20 }), (all) => {
      const gaps = new TokenGaps(0)
      for (const gapMs of all) gaps.add(1, gapMs, 1)
      let count = 0
      gaps.forEach((_, of) => (count += of))
      expect(count).toBe(all.length)
      for (const gapMs of all) {
        const one = new TokenGaps(0)
        one.add(1, gapMs, 1)
        one.forEach((told) => expect(Math.abs(told / gapMs - 1)).toBeLessThanOrEqual(0.005 + 1e-9))
      }
    }),
    { numRuns: 300, seed: 1 },
  )
})

test('places in a session are told apart up to the thousandth turn', () => {
  const tally = new InterTokenTally(0)
  tally.of(0, 0).add(1, 5, 1)
  tally.of(1, 0).add(1, 5, 2)
  tally.of(1, 5000).add(1, 5, 3)
  tally.of(1, 999).add(1, 5, 4)
  const told: unknown[] = []
  tally.forEach((gapMs, count, of) => told.push([gapMs, count, of]))
  expect(told).toEqual([
    [5, 1, { scenario: 0, turn: 0 }],
    [5, 2, { scenario: 1, turn: 0 }],
    [5, 7, { scenario: 1, turn: 999 }],
  ])
})
