import { describe, expect, test } from 'vitest'
import type { ObjectiveResult } from '../result/summary.ts'
import { fixtureLevelRun } from './fixture-run.ts'
import { objectiveExceeded, objectivesSentence, whyUndecided } from './objective-lines.ts'

const many = { share: 0.02, low: 0.01, high: 0.03, effectiveCount: 500, allowed: 0.05 }
const few = { share: 0, low: 0, high: 0.4, effectiveCount: 12, allowed: 0.05 }
const held: ObjectiveResult = {
  text: 'turn p95 < 15 s',
  metric: 'turn',
  pass: true,
  value: 9000,
  exceeded: many,
}
const unseen: ObjectiveResult = { text: held.text, metric: 'turn', pass: 'undecided' }
const cases: [why: string, result: ObjectiveResult, expected: string, told: string][] = [
  ['it was judged', held, '', '2 % of turns miss it, 5 % may'],
  [
    'too few turns came',
    { ...held, pass: 'undecided', exceeded: few },
    'too few turns',
    '0 % of turns miss it, 5 % may; undecided: too few turns',
  ],
  [
    'too few calls came',
    { ...held, text: 'blocked < 1%', metric: 'blocked', pass: 'undecided', exceeded: few },
    'too few calls',
    '0 % of calls miss it, 5 % may; undecided: too few calls',
  ],
  [
    'the run says so, whose generator did not keep up',
    { ...held, pass: 'undecided' },
    '',
    '2 % of turns miss it, 5 % may',
  ],
  ['nothing was seen', unseen, 'nothing to judge it by', 'undecided: nothing to judge it by'],
  ['it has a value and no share', { ...unseen, value: 9000 }, '', ''],
]

describe('an objective is undecided for a reason', () => {
  test.each(cases)('%s', (_why, result, expected, told) => {
    expect(whyUndecided(result)).toBe(expected)
    expect(objectiveExceeded(result)).toBe(told)
  })
})

test('a level is told in one sentence, by the worst of its objectives', () => {
  const [level] = fixtureLevelRun().summaries
  const sentence = (...passes: ObjectiveResult['pass'][]): string | undefined =>
    objectivesSentence({
      ...level!,
      objectives: passes.map((pass, i) => ({ text: `turn p9${i} < 5s`, pass })),
    })
  expect(sentence(true, true)).toBe('As measured at 110 users, every objective holds.')
  expect(sentence(true, 'undecided')).toBe(
    'As measured at 110 users, 1 of 2 objectives is undecided: turn p91 < 5s.',
  )
  expect(sentence(false, 'undecided', false)).toBe(
    'As measured at 110 users, 2 of 3 objectives are missed: turn p90 < 5s, turn p92 < 5s.',
  )
  expect(sentence()).toBeUndefined()
})
