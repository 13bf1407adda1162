import { expect, test } from 'vitest'
import { parseMetricThreshold } from '../workload/parse-metric-threshold.ts'
import type { ScriptSample } from './records.ts'
import { ScriptTally } from './script-tally.ts'

const sample = (
  kind: ScriptSample['kind'],
  name: string,
  value: number,
  more: Partial<ScriptSample> = {},
) => ({
  kind,
  name,
  value,
  atMs: 0,
  scenario: 'faq',
  ...more,
})

/** 100 checks of which 97 hold, a trend of 1 to 100, a counter of 100 and a rate of a quarter. */
function tallied(...thresholds: string[]) {
  const parsed = thresholds.map((text) => parseMetricThreshold(text)!)
  const tally = new ScriptTally(parsed)
  for (let i = 1; i <= 100; i++) {
    const tags = i <= 40 ? { tags: { plan: 'pro' } } : {}
    tally.add(sample('check', 'found', Number(i % 33 > 0), tags))
    tally.add(sample('trend', 'size', i, tags))
    tally.add(sample('count', 'asked', 2, tags))
    tally.add(sample('rate', 'again', Number(i % 4 === 0), i > 50 ? { scenario: 'order' } : {}))
  }
  return { tally, verdicts: parsed.map((threshold) => tally.judge(threshold)) }
}

test('what was noted, whole and by tag', () => {
  const { checks, metrics } = tallied().tally.summary(10)
  expect(checks!['found']).toMatchObject({ share: 0.97, count: 100 })
  expect(checks!['found{plan:pro}']).toMatchObject({ share: 39 / 40, count: 40 })
  expect(metrics!['asked']).toEqual({ kind: 'count', sum: 200, perSecond: 20 })
  expect(metrics!['size']).toMatchObject({ kind: 'trend', dist: { mean: 50.5, max: 100, count: 100 } })
  expect(metrics!['again']).toMatchObject({ kind: 'rate', share: 0.25 })
  expect(Object.keys(metrics!).filter((name) => name.includes('scenario'))).toEqual([])
})

test.each([
  ['checks rate > 95%', true],
  ['checks rate > 98%', false],
  ['found{plan:pro} rate >= 1', false],
  ['again rate < 0.3', true],
  ['again{scenario:order} rate < 0.1', false],
  ['size p(95) < 96', true],
  ['size p(95) < 95', false],
  ['size min > 0.5', true],
  ['size max < 100', false],
  ['size max <= 100', true],
  ['size count >= 100', true],
  ['size{plan:pro} avg < 20', false],
  ['asked count < 200', false],
  ['asked count > 199', true],
  ['nobody avg < 3', 'undecided'],
  ['asked p(95) < 3', 'undecided'],
  ['size rate > 0.1', 'undecided'],
])('%s: %s', (text, pass) => {
  expect(tallied(text).verdicts[0]).toMatchObject({ text, pass })
})

test('turns by tag', () => {
  const { tally } = tallied()
  const turn = {
    kind: 'turn',
    session: 0,
    turn: 0,
    scenario: 0,
    intendedAtMs: 0,
    sentAtMs: 0,
    tokens: 1,
  } as const
  const seen = {
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
    firstTokenAtMs: 20,
    endedAtMs: 100,
  } as const
  tally.addTurn({ ...turn, ...seen, tags: { step: 'a' } })
  const both = { step: 'a', plan: 'pro' }
  tally.addTurn({ ...turn, ...seen, outcome: 'failed', errorKind: 'timeout', tags: both })
  const { tags } = tally.summary(1)
  expect(tags!['step:a']).toMatchObject({
    completed: 1,
    errorRate: 0.5,
    turnMs: { mean: 100 },
    ttftMs: { mean: 20 },
  })
  expect(tags!['plan:pro']).toEqual({ completed: 0, errorRate: 1 })
})
