import { expect, test } from 'vitest'
import { parseDistribution } from '../workload/parse-distribution.ts'
import { durationUnit, sizeUnit } from '../workload/quantity.ts'
import { lognormalOfQuantiles } from '../stats/distributions.ts'
import { durationWords, shareWords, tokenWords } from './fit-lognormal.ts'

const evenly = (count: number) => Array.from({ length: count }, (_, i) => (i + 0.5) / count)

test('the quantiles of a lognormal come back', () => {
  const real = lognormalOfQuantiles(400, 1200, 'x')
  const words = durationWords(evenly(2000).map((p) => real.quantile(p)))
  const back = parseDistribution(words, durationUnit)
  expect(back.quantile(0.5)).toBeCloseTo(400, 0)
  expect(back.quantile(0.95) / 1200).toBeCloseTo(1, 2)
})

test.each([
  [[20, 20.3, 19.9], '20.07ms'],
  [[0, 0, 0], '0.01ms'],
])('times that are the same are one: %s', (values, words) => {
  expect(durationWords(values)).toBe(words)
})

test('tokens keep their mean, which the bill hangs on, whatever their form', () => {
  const values = [10, 10, 10, 10, 400]
  expect(parseDistribution(tokenWords(values), sizeUnit).mean).toBeCloseTo(88, 9)
  expect(tokenWords([30, 30, 31])).toBe(30.33)
})

test.each([1, 2, 3, 7, 11, 13, 97])('shares of %i values add up to all', (count) => {
  const words = shareWords(Array.from({ length: count }, (_, i) => 1 + (i % 3)))
  if (typeof words === 'number') expect(words).toBe(1)
  else {
    const sum = [...words.values()].reduce((total, share) => total + Math.round(parseFloat(share) * 100), 0)
    expect(sum).toBe(10_000)
    expect([...words.keys()]).toEqual([...words.keys()].toSorted((a, b) => a - b))
  }
})
