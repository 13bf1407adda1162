import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowOverflow } from './window-overflow.ts'

/** The sum over the Poisson distribution itself. */
function bySum(room: number, offered: number): number {
  let probability = Math.exp(-offered)
  let beyond = 0
  for (let n = 1; n < 400; n++) {
    probability *= offered / n
    beyond += Math.max(0, n - room) * probability
  }
  return beyond / offered
}

test.each([
  [1, 0.5],
  [1, 1],
  [10, 8],
  [10, 12],
  [50, 45],
  [100, 150],
])('room for %d, %d offered: the sum over the distribution', (room, offered) => {
  expect(windowOverflow(room, offered)).toBeCloseTo(bySum(room, offered), 9)
})

test('is a share, falls with room and tends to what is beyond the limit', () => {
  const amount = fc.double({ min: 0.1, max: 500, noNaN: true })
  fc.assert(
    fc.property(amount, amount, (room, offered) => {
      const share = windowOverflow(room, offered)
      expect(share).toBeGreaterThanOrEqual(Math.max(0, 1 - room / offered) - 1e-9)
      expect(share).toBeLessThanOrEqual(1)
      expect(windowOverflow(room * 1.1, offered)).toBeLessThanOrEqual(share + 1e-9)
    }),
  )
  expect(windowOverflow(1000, 4000)).toBeCloseTo(0.75, 9)
})
