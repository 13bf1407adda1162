import { expect, it, test } from 'vitest'
import { kneedle } from './kneedle.ts'

test('Satopää et al., figure 2: y = 5 − 1 ÷ (x + .1) at ten points bends at 2/9', () => {
  const points = Array.from({ length: 10 }, (_, i) => [i / 9, 5 - 1 / (i / 9 + 0.1)] as const)
  expect(kneedle(points)).toBeCloseTo(2 / 9, 12)
})

it('finds none in a line or in a curve that steepens', () => {
  expect(
    kneedle([
      [0, 0],
      [1, 1],
      [2, 2],
    ]),
  ).toBeUndefined()
  expect(
    kneedle([
      [0, 0],
      [1, 1],
      [2, 4],
    ]),
  ).toBeUndefined()
})
