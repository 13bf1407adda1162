import { expect, test } from 'vitest'
import { differenceInterval } from './difference-interval.ts'
import { wilsonInterval } from './wilson.ts'

test('of two shares it is the published interval (Newcombe 1998, method 10: 56/70 against 48/80)', () => {
  const share = (k: number, n: number) => ({ value: k / n, interval: wilsonInterval(k / n, n) })
  const [low, high] = differenceInterval(share(48, 80), share(56, 70))
  expect(low).toBeCloseTo(0.0524, 4)
  expect(high).toBeCloseTo(0.3339, 4)
})

test('of two means it is the root of the summed squares of the half widths', () => {
  expect(differenceInterval({ value: 10, interval: [7, 13] }, { value: 20, interval: [16, 24] })).toEqual([
    5, 15,
  ])
})

test('each side takes the halves that matter to it', () => {
  expect(differenceInterval({ value: 10, interval: [6, 13] }, { value: 20, interval: [16, 23] })).toEqual([
    5, 15,
  ])
})
