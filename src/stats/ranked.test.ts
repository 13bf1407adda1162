import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ranked } from './ranked.ts'

const value = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0, 5e-324, 2 ** -20, 0.1, 1, 1.001, 2, 700, Infinity, -3),
)

test('every rank holds what sorting all values puts there, whichever is asked first', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), fc.nat(), (all, first) => {
      const values = Float64Array.from(all)
      const ranked = new Ranked(values)
      expect(ranked.count).toBe(values.length)
      ranked.at(first % values.length)
      expect(values.map((_, rank) => ranked.at(rank))).toEqual(values.toSorted())
    }),
  )
})
