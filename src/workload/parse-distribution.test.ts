import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Mistake } from './mistake.ts'
import { parseDistribution } from './parse-distribution.ts'
import { durationUnit, sizeUnit } from './quantity.ts'

test.each([
  ['45s', 45_000, 0, '45s'],
  ['0', 0, 0, '0'],
  ['exponential(mean 30s)', 30_000, 30_000, 'exponential(mean 30s)'],
  ['lognormal(mean 45s cv 0.8)', 45_000, 36_000, 'lognormal(mean 45s cv 0.8)'],
  [' lognormal( cv 0.80, mean 45000ms ) ', 45_000, 36_000, 'lognormal(mean 45s cv 0.8)'],
  ['gamma(mean 3s cv 2)', 3000, 6000, 'gamma(mean 3s cv 2)'],
  ['uniform(2s 5s)', 3500, 3000 / Math.sqrt(12), 'uniform(2s 5s)'],
  [{ '1m': '50%', '30s': '50%' }, 45_000, 15_000, '{ 30s: 50%, 1m: 50% }'],
])('duration %j', (value, mean, deviation, words) => {
  const distribution = parseDistribution(value, durationUnit)
  expect(distribution.mean).toBeCloseTo(mean, 6)
  expect(Math.sqrt(distribution.variance)).toBeCloseTo(deviation, 6)
  expect(String(distribution)).toBe(words)
})

test.each([
  [120, 120, '120'],
  ['1.2k', 1200, '1.2k'],
  ['geometric(mean 5)', 5, 'geometric(mean 5)'],
  [{ '1': '50%', '2': '30%', '5': '20%' }, 2.1, '{ 1: 50%, 2: 30%, 5: 20% }'],
])('size %j', (value, mean, words) => {
  const distribution = parseDistribution(value, sizeUnit)
  expect(distribution.mean).toBeCloseTo(mean, 9)
  expect(String(distribution)).toBe(words)
})

test('by quantiles', () => {
  const distribution = parseDistribution('lognormal(p50 400ms p95 1.2s)', durationUnit)
  expect(distribution.quantile(0.5)).toBeCloseTo(400, 9)
  expect(distribution.quantile(0.95)).toBeCloseTo(1200, 9)
})

test.each([
  ['lognromal(mean 3s)', 'lognromal is not a distribution', 'did you mean lognormal?'],
  ['exponential(30s)', '30s is not understood', 'exponential(mean 30s)'],
  ['exponential()', 'lacks mean', 'exponential(mean 30s)'],
  ['lognormal(mean 45s)', 'lacks cv', 'lognormal(mean 45s cv 0.8)'],
  ['lognormal(mean 45s mean 3s cv 1)', 'mean is not understood', 'lognormal'],
  ['lognormal(mean 45 cv 0.8)', '45 has no unit', '45s'],
  ['lognormal(mean 45s cv -1)', '-1 is not a number of at least 0', 'lognormal'],
  ['lognormal(mean 1s cv 1e200)', 'too wide', undefined],
  ['lognormal(p50 2s p95 1s)', 'needs 0 < p50 ≤ p95', 'p50'],
  ['uniform(5s 2s)', 'ends below its start', 'uniform(2s 5s)'],
  ['uniform(5s)', 'should hold 2 words', 'uniform(2s 5s)'],
  ['geometric(mean 5s)', 'no duration', 'exponential'],
  ['toString(mean 5s)', 'toString is not a distribution', 'exponential'],
  [{}, 'add up to 0 %', '100 %'],
  [{ '1s': '50%', '2s': '60%' }, 'add up to 110 %', undefined],
  [{ '1s': '0.5', '2s': '50%' }, '0.5 has no unit', '4%'],
  [{ x: '100%' }, 'x is not a duration', '45s'],
  [-5, '-5 is negative', '45s'],
  [NaN, 'NaN is not a duration', '45s'],
  [45, '45 has no unit', '45s'],
  [null, 'nothing is not a duration', '45s'],
  [[], 'a list is not a duration', '45s'],
  ['trace(a.csv think)', 'were not handed over', 'options.traces'],
])('%j is a mistake: %s', (value, message, hint) => {
  const mistake = mistakeOf(() => parseDistribution(value, durationUnit))
  expect(`${mistake.message} ${mistake.hint}`).toContain(message)
  if (hint !== undefined) expect(`${mistake.message} ${mistake.hint}`).toContain(hint)
})

test('a trace is what was handed over', () => {
  const traces = (file: string, column: string) =>
    file === 'a.csv' && column === 'think' ? [3000, 1000, 2000, 2000] : []
  const distribution = parseDistribution('trace(a.csv think)', durationUnit, traces)
  expect([distribution.mean, distribution.quantile(0.01), distribution.quantile(0.99)]).toEqual([
    2000, 1000, 3000,
  ])
  expect(mistakeOf(() => parseDistribution('trace(b.csv think)', durationUnit, traces)).message).toContain(
    'no value',
  )
  const negative = mistakeOf(() => parseDistribution('trace(a.csv x)', durationUnit, () => [1, -1]))
  expect(negative.message).toContain('-1 is not at least 0')
  const unreadable = mistakeOf(() =>
    parseDistribution('trace(a.csv x)', durationUnit, () => {
      throw Object.assign(new Error('no such file'), { hint: 'look again' })
    }),
  )
  expect([unreadable.message, unreadable.hint]).toEqual(['no such file', 'look again'])
})

test('its own words read back as the same distribution', () => {
  const amount = fc.integer({ min: 1, max: 1e7 })
  const cv = fc.integer({ min: 1, max: 300 }).map((hundredths) => hundredths / 100)
  const text = fc.oneof(
    amount.map((ms) => `${ms}ms`),
    amount.map((ms) => `exponential(mean ${ms}us)`),
    fc.tuple(amount, cv).map(([ms, cv]) => `lognormal(mean ${ms}ms cv ${cv})`),
    fc.tuple(amount, cv).map(([ms, cv]) => `gamma(mean ${ms}ms cv ${cv})`),
    fc.tuple(amount, amount).map(([a, b]) => `uniform(${Math.min(a, b)}s ${Math.max(a, b)}s)`),
    fc.tuple(amount, amount).map(([a, b]) => `lognormal(p50 ${Math.min(a, b)}s p95 ${Math.max(a, b)}s)`),
  )
  fc.assert(
    fc.property(text, (text) => {
      const once = parseDistribution(text, durationUnit)
      const again = parseDistribution(String(once), durationUnit)
      expect([again.mean, again.variance, String(again)]).toEqual([once.mean, once.variance, String(once)])
    }),
  )
})

test('anything is read or answered with a mistake', () => {
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom(durationUnit, sizeUnit), (value, unit) => {
      try {
        expect(parseDistribution(value, unit).mean).toBeGreaterThanOrEqual(0)
      } catch (error) {
        expect(error).toBeInstanceOf(Mistake)
      }
    }),
  )
})

function mistakeOf(act: () => unknown): Mistake {
  try {
    act()
  } catch (error) {
    if (error instanceof Mistake) return error
  }
  throw new Error('no mistake was made')
}
