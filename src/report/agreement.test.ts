import { describe, expect, test } from 'vitest'
import type { Capacity } from '../result/capacity.ts'
import type { Summary } from '../result/summary.ts'
import { agreementOf } from './agreement.ts'
import { type Answer, capacityAnswers } from './answers.ts'
import { fixtureRun } from './fixture-run.ts'

type Change = {
  readonly users?: number
  readonly capacity?: Partial<Capacity>
  readonly level?: number
  readonly perSecond?: number
  readonly p95?: number
  readonly p95Interval?: readonly [number, number]
  readonly assumedRatio?: number
}

/** The fixture's answers, exact, each read at its own level unless a common one is given. */
function answers(changes: readonly Change[]): Answer[] {
  return capacityAnswers(fixtureRun())
    .slice(0, changes.length)
    .map((answer, index) => {
      const change = changes[index]!
      const { low: _low, high: _high, ...capacity } = answer.capacity!
      const turnMs = { mean: 1, p50: 1, p90: 1, p99: 1, p95: change.p95 ?? 8000 }
      const ratio = change.assumedRatio ?? 1
      const summary: Summary = {
        ...answer.summary!,
        level: { users: change.level ?? index + 1 },
        turns: { perSecond: change.perSecond ?? 3 },
        latency: {
          turnMs: change.p95Interval ? { ...turnMs, ci95: { p95: change.p95Interval } } : turnMs,
        },
        assumed: [{ field: 'model.input', assumed: 100, observed: 100 * ratio, ratio }],
      }
      return {
        ...answer,
        summary,
        capacity: { ...capacity, level: { users: change.users ?? 147 }, ...change.capacity },
      }
    })
}

const usersOf = (...values: number[]): Change[] => values.map((users) => ({ users }))

describe('agreementOf', () => {
  test.each<[string, Change[], boolean, string]>([
    ['three', usersOf(149, 145, 147), true, 'All three answers agree within 2.8 %: 145 to 149 users.'],
    ['two', usersOf(147, 147), true, 'Both answers agree: 147 users.'],
    ['thousands', usersOf(20_500, 20_000), true, 'Both answers agree within 2.5 %: 20,000 to 20,500 users.'],
    [
      'users apart',
      usersOf(180, 178, 140),
      false,
      'The answers differ by 29 % in users (solved 180, simulated 178, measured 140): that difference is the finding.',
    ],
    [
      'one has none',
      usersOf(0, 10, 10),
      false,
      'The answers differ in users (solved 0, simulated 10, measured 10): that difference is the finding.',
    ],
    [
      'read at one level',
      [
        { users: 149, level: 139, perSecond: 3, p95: 8000 },
        { users: 147, level: 139, perSecond: 3.06, p95: 9120 },
      ],
      true,
      'Both answers agree within 1.4 %: 147 to 149 users; at 139 users turns/s within 2 %, turn p95 within 14 %.',
    ],
    [
      'the tail apart',
      [
        { users: 149, level: 139, p95: 8000 },
        { users: 147, level: 139, p95: 9300 },
      ],
      false,
      'The answers differ by 16 % in turn p95 at 139 users (solved 8 s, simulated 9.3 s): that difference is the finding.',
    ],
    [
      'the rate apart',
      [
        { level: 139, perSecond: 3 },
        { level: 139, perSecond: 3.4 },
      ],
      false,
      'The answers differ by 13 % in turns/s at 139 users (solved 3, simulated 3.4): that difference is the finding.',
    ],
    [
      'the tail apart by chance',
      [
        { level: 139, p95: 8000 },
        { level: 139, p95: 9300, p95Interval: [7900, 10_800] },
      ],
      false,
      'The answers differ by 16 % in turn p95 at 139 users (solved 8 s, simulated 9.3 s): no more than their intervals allow, so only longer runs can tell.',
    ],
    [
      'other levels are not compared',
      [
        { level: 139, p95: 8000 },
        { level: 150, p95: 19_300 },
      ],
      true,
      'Both answers agree: 147 users.',
    ],
    [
      'no limit met by one',
      [{ users: 100_000, capacity: { unbounded: true } }, { users: 147 }],
      false,
      'The answers differ in users (solved 100,000 or more, simulated 147): that difference is the finding.',
    ],
    [
      'no limit met by any',
      [
        { users: 100_000, capacity: { unbounded: true } },
        { users: 200_000, capacity: { unbounded: true } },
      ],
      true,
      'Both answers agree: 100,000 to 200,000 users and no limit met.',
    ],
    [
      'one of three not valid',
      [{ users: 149 }, { users: 145 }, { users: 60, capacity: { invalid: ['sends were late'] } }],
      true,
      'The other two answers agree within 2.8 %: 145 to 149 users. Left out: the measured answer is not valid (sends were late).',
    ],
    [
      'one of two not valid',
      [{ users: 149 }, { users: 60, capacity: { invalid: ['sends were late', 'by more', 'CPU'] } }],
      false,
      'Only the solved answer can be used: the simulated answer is not valid (sends were late, and 2 more).',
    ],
    [
      'what is assumed is wrong',
      [{ users: 149 }, { users: 145, assumedRatio: 1.3 }],
      false,
      'The answers are not called agreeing, since the agent is more than 10 % away from what the file assumes for model.input (+30 %); they lie 2.8 % apart in users (solved 149, simulated 145).',
    ],
    ['assumed within a tenth', [{}, { assumedRatio: 1.1 }], true, 'Both answers agree: 147 users.'],
  ])('%s', (_, changes, agrees, sentence) => {
    expect(agreementOf(answers(changes))).toEqual({ agrees, sentence })
  })

  test('one answer agrees with nobody', () => {
    expect(agreementOf(answers([{}]))).toBeUndefined()
  })
})
