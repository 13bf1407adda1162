import { expect, test } from 'vitest'
import { wilsonInterval } from '../stats/wilson.ts'
import { parseMetricThreshold } from '../workload/parse-metric-threshold.ts'
import { type GoldenAnswer, goldenObjectives, goldenOf } from './golden.ts'

/** So many answers of one question, of which so many are right. */
const answers = (name: string, slices: string[], count: number, passed: number): GoldenAnswer[] =>
  Array.from({ length: count }, (_, i) => ({ name, slices, verdict: i < passed ? 'passed' : 'failed' }))

const idle = [...answers('hours', ['faq'], 50, 50), ...answers('order', ['orders', 'tools'], 50, 48)]
const load = [
  ...answers('hours', ['faq'], 100, 99),
  ...answers('order', ['orders', 'tools'], 100, 70),
  { name: 'order', slices: ['orders'], verdict: 'unjudged' } as const,
]
const golden = goldenOf(idle, load)

test('answers whole and by slice, with the intervals of Wilson and Newcombe', () => {
  expect(golden.all.idle).toEqual({ answers: 100, passed: 98, share: 0.98, ci95: wilsonInterval(0.98, 100) })
  expect(golden.all.load).toMatchObject({ answers: 200, passed: 169 })
  expect(Object.keys(golden.slices)).toEqual(['faq', 'orders', 'tools'])
  const { drop, dropCi95 } = golden.slices['orders']!
  expect(drop).toBeCloseTo(0.26, 9)
  expect(dropCi95[0]).toBeGreaterThan(0)
  expect(dropCi95[1]).toBeGreaterThan(drop)
  expect(golden.unjudged).toBe(1)
  expect(golden.worse).toEqual([
    { name: 'order', idle: '48 of 50', load: '70 of 100' },
    { name: 'hours', idle: '50 of 50', load: '99 of 100' },
  ])
})

test('the difference of 56/70 and 48/80, by method 10 of Newcombe 1998 (Table II)', () => {
  const { drop, dropCi95 } = goldenOf(answers('a', [], 70, 56), answers('a', [], 80, 48)).all
  expect(drop).toBeCloseTo(0.2, 9)
  expect(dropCi95[0]).toBeCloseTo(0.0524, 4)
  expect(dropCi95[1]).toBeCloseTo(0.3339, 4)
})

test.each([
  ['golden rate > 80%', true],
  ['golden rate > 90%', false],
  ['golden{slice:faq} rate > 95%', true],
  ['golden{slice:faq}: rate>=1', false],
  ['golden{slice:orders} rate > 80%', false],
  ['golden_drop{slice:faq} rate < 5%', true],
  ['golden_drop{slice:orders} rate < 5%', false],
  ['golden{slice:nobody} rate > 5%', 'undecided'],
])('%s: %s', (text, pass) => {
  expect(goldenObjectives(golden, [parseMetricThreshold(text)!])).toEqual([
    expect.objectContaining({ text, pass }),
  ])
  expect(goldenObjectives(undefined, [parseMetricThreshold(text)!])).toEqual([{ text, pass: 'undecided' }])
})

test('without thresholds, load must make no answers worse beyond chance', () => {
  expect(goldenObjectives(golden, [])[0]).toMatchObject({ pass: false })
  expect(goldenObjectives(goldenOf(idle, idle), [])[0]).toMatchObject({ pass: true, value: 0 })
  expect(goldenObjectives(goldenOf(idle, []), [])[0]).toMatchObject({ pass: 'undecided' })
})
