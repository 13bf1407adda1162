import { expect, test } from 'vitest'
import { peakWords } from '../../result/peak-words.ts'
import { read, told } from '../../workload/fixture-read.ts'
import { planPeak } from './plan-peak.ts'

const file = (peak: string, quota: string): string => `
users: { peak: { ${peak} } }
model: { id: gemini-3.5-flash, input: { system: 600 }, output: 100, quota: ${quota} }`

const planned = (peak: string, quota: string) => planPeak(read(file(peak, quota)))!

test('without a day, a burst or a common start there is nothing to say', () => {
  expect(planPeak(read(file('peakToAverage: 2', '{ tpm: 1M }')))).toBeUndefined()
})

test('a burst of 70k tokens/s: a minute’s bucket of 1.4M fills on, windows do not', () => {
  const { burst } = planned('burst: { tokens: 70k/s, for: 25s }', '{ tpm: 1.4M }')
  expect(burst).toMatchObject({ callsPerSecond: 100, tokensPerSecond: 70_000, forMs: 25_000 })
  const absorbed = new Map(burst!.absorbed.map(({ name, forMs }) => [name.split(' (')[0], forMs]))
  // max_tokens is not said, so that a call is held to its 600 of input: 60k/s. 1.4M ÷ (60k − 23.3k); 1.4M ÷ 60k; ...
  expect(absorbed.get('model quota')).toBeCloseTo(1.4e6 / (60 - 1400 / 60), 6)
  expect(absorbed.get('window of a minute')).toBeCloseTo(1.4e6 / 60, 6)
  expect(absorbed.get('window of 120 s')).toBeCloseTo(2.8e6 / 60, 6)
  expect(absorbed.get('window of 5 s')).toBeCloseTo(1.4e6 / 12 / 60, 6)
})

test('a fleet that begins at once: so many are admitted, the last waits for the rest', () => {
  const { together } = planned('together: 500', '{ rpm: 300 }')
  expect(together!.waits).toEqual([
    {
      name: 'model quota, requests',
      atOnce: 300,
      refused: 200,
      lastMs: 40_000,
      meanMs: (200 * 20_100) / 500,
    },
  ])
})

test('a day: 40 on average, 80 in the busiest hour', () => {
  const day = `day: [${Array.from({ length: 24 }, (_, hour) => (hour % 2 === 0 ? '0%' : '100%')).join(', ')}]`
  const plan = planned(day, '{ tpm: 1M }')
  expect(plan.day).toMatchObject({ busiestHour: 1, hoursBeyondMean: 12, beyondMeanShare: 0.5 })
  expect(plan.day!.peakToAverage * 40).toBeCloseTo(80, 9)
  expect(peakWords(plan)[0]!.text).toContain('the hour from 01:00 has 2× the mean')
})

test('a burst is told in tokens or in calls', () => {
  expect(told(file('burst: { for: 10s }', '{ tpm: 1M }'))).toContain('says neither tokens nor calls')
  expect(told(file('burst: { tokens: 1k/s, calls: 1/s }', '{ tpm: 1M }'))).toContain('exclude each other')
})
