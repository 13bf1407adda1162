import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fewest } from './fewest.ts'

const step = fc.record({
  place: fc.nat(12),
  change: fc.constantFrom<'more' | 'fewer' | 'close' | 'open'>('more', 'fewer', 'close', 'open'),
})

test('the first place of those with the fewest, as looking at each of them finds it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 13 }), fc.array(step), (places, steps) => {
      const fewest = new Fewest(places)
      const counts = Array.from({ length: places }, () => 0)
      for (const { place, change } of steps.filter((each) => each.place < places)) {
        const isOpen = counts[place]! < Infinity
        if (change === 'close') {
          counts[place] = Infinity
          fewest.close(place)
        } else if (change === 'open') {
          counts[place] = 3
          fewest.set(place, 3)
        } else if (isOpen) {
          const by = change === 'more' ? 1 : -1
          counts[place]! += by
          fewest.add(place, by)
        }
        if (counts.some((count) => count < Infinity))
          expect(fewest.first).toBe(counts.indexOf(Math.min(...counts)))
      }
    }),
  )
})
