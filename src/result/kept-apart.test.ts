import { describe, expect, test } from 'vitest'
import { modelCall } from './fixture-records.ts'
import { keptApart } from './kept-apart.ts'
import type { Canaries, CallRecord, TurnRecord } from './records.ts'

const window = { warmupMs: 0, measuredMs: 1000 }

const turnOf = (turn: number, changes: Partial<TurnRecord> = {}): TurnRecord => ({
  kind: 'turn',
  session: 3,
  turn,
  scenario: 0,
  intendedAtMs: turn * 10,
  sentAtMs: turn * 10,
  firstTokenAtMs: turn * 10 + 1,
  endedAtMs: turn * 10 + 5,
  tokens: 1,
  outcome: 'completed',
  errorKind: 'none',
  status: 200,
  ...changes,
})

const callOf = (turn: number, canaries: Canaries | undefined, session = 3): CallRecord =>
  modelCall({
    session,
    turn,
    sentAtMs: turn * 10,
    firstTokenAtMs: turn * 10,
    endedAtMs: turn * 10 + 4,
    joinedBy: 'text',
    ...(canaries ? { canaries } : {}),
  })

/** A session whose turn t held the turns `own[t]`; what each of them came to. */
function judged(
  own: readonly (readonly number[])[],
  keeps: boolean,
  unanswered: readonly number[] = [],
): string[] {
  const turns = own.map((_, turn) =>
    turnOf(turn, unanswered.includes(turn) ? { outcome: 'failed', errorKind: 'timeout' } : {}),
  )
  const calls = own.map((held, turn) => callOf(turn, { own: held, foreign: [] }))
  const kept = keptApart(turns, calls, { keepsHistory: () => keeps, window })
  return Array.from(kept.turns, ({ errorKind }) => errorKind)
}

describe('a history that is as it should be', () => {
  test.each([
    ['all of it', [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]],
    ['a window of two', [[0], [0, 1], [1, 2], [2, 3]]],
    ['the first and the latest', [[0], [0, 1], [0, 1, 2], [0, 2, 3], [0, 3, 4]]],
    ['summed up now and then', [[0], [0, 1], [0, 1, 2], [2, 3], [2, 3, 4]]],
    ['calls that are not marked', [[], [], []]],
  ])('%s', (_, own) => {
    expect(judged(own, true)).toEqual(own.map(() => 'none'))
  })

  test('none at all, where the file says so', () => {
    expect(judged([[0], [1], [2]], false)).toEqual(['none', 'none', 'none'])
  })

  test('without a turn that was never answered', () => {
    expect(judged([[0], [0, 1], [0, 2], [0, 2, 3]], true, [1])).toEqual(['none', 'timeout', 'none', 'none'])
  })
})

describe('a history that is lost', () => {
  test.each([
    [
      'none, where the file says that there is one',
      [[0], [1], [2]],
      ['none', 'lost_history', 'lost_history'],
    ],
    ['forgotten once', [[0], [0, 1], [2], [2, 3]], ['none', 'none', 'lost_history', 'none']],
    [
      'two workers with a memory of their own',
      [[0], [1], [0, 2], [1, 3]],
      ['none', ...Array<string>(3).fill('lost_history')],
    ],
    [
      'a hole in the middle',
      [[0], [0, 1], [0, 1, 2], [0, 2, 3], [0, 2, 4]],
      ['none', 'none', 'none', 'none', 'lost_history'],
    ],
  ])('%s', (_, own, kinds) => {
    expect(judged(own, true)).toEqual(kinds)
  })

  test('an agent that remembers sometimes is one that remembers', () => {
    expect(judged([[0], [0, 1], [2], [3]], false)).toEqual(['none', 'none', 'lost_history', 'lost_history'])
  })
})

test('all calls of a turn together hold its history, and any of them a foreign word', () => {
  const turns = [turnOf(0), turnOf(1), turnOf(2, { endedAtMs: 2000 })]
  const calls = [
    callOf(0, { own: [0], foreign: [] }),
    callOf(1, { own: [1], foreign: [] }),
    callOf(1, { own: [0, 1], foreign: [] }),
    callOf(2, { own: [0, 1, 2], foreign: [9] }),
    callOf(0, { own: [0], foreign: [9] }, -1),
  ]
  const kept = keptApart(turns, calls, { keepsHistory: () => true, window })
  expect(Array.from(kept.turns, ({ outcome, errorKind }) => [outcome, errorKind])).toEqual([
    ['completed', 'none'],
    ['completed', 'none'],
    ['failed', 'cross_session'],
  ])
  // The last one ended after the window.
  expect(kept.canaries).toEqual({ turns: 2, crossSession: 0, lostHistory: 0 })
  expect(kept.messages).toEqual(['cross_session: a model call of session 3 held words of session 9'])
  expect(
    keptApart(turns, [callOf(0, undefined)], { keepsHistory: () => true, window }).canaries,
  ).toBeUndefined()
})
