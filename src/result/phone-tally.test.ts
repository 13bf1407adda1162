import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { phoneCall } from './fixture-records.ts'
import type { PhoneRecord } from './phone-records.ts'
import { PhoneTally } from './phone-tally.ts'
import type { CallRecord, TurnRecord } from './records.ts'

const window = { warmupMs: 10_000, measuredMs: 60_000 }
const objectives = [
  'blocked < 30%',
  'completed > 90%',
  'bargeIn p95 < 300ms',
  'gaps mean < 1',
  'satisfaction > 50%',
]
const { workload } = parseWorkload(
  JSON.stringify({ phone: { calls: '60/min', duration: '3m', blocked: '1%' }, model: {}, objectives }),
)

const call = (session: number, more: Partial<PhoneRecord>): PhoneRecord =>
  phoneCall({
    session,
    offeredAtMs: 20_000,
    grantedAtMs: 20_000,
    answeredAtMs: 20_100,
    endedAtMs: 50_000,
    ...more,
  })

const turn = (session: number, waitedMs: number): TurnRecord => ({
  kind: 'turn',
  session,
  turn: 0,
  scenario: 0,
  intendedAtMs: 30_000,
  sentAtMs: 30_000,
  firstTokenAtMs: 30_000 + waitedMs,
  endedAtMs: 40_000,
  tokens: 9,
  outcome: 'completed',
  errorKind: 'none',
  status: 0,
})

const never = { grantedAtMs: NaN, answeredAtMs: NaN }

function tallied(): PhoneTally {
  const tally = new PhoneTally(workload!, window)
  // Within 1.4 s, within four times that, and later: 1, a half and nothing.
  for (const waitedMs of [1000, 2000, 9000]) tally.turn(turn(1, waitedMs))
  tally.add(call(1, { interruptions: 2, bargeInStopMs: [100, 700] }))
  tally.tool({ session: 2, outcome: 'abandoned', errorKind: 'abandoned' } as CallRecord)
  tally.turn(turn(2, 500))
  tally.add(call(2, { ending: 'escalated', gaps: 2, longestGapMs: 450, talkedOver: 1 }))
  tally.add(call(3, { ending: 'blocked', ...never, endedAtMs: 20_000 }))
  tally.add(call(4, { ending: 'dropped', offeredAtMs: 0, grantedAtMs: 0, endedAtMs: 12_000 }))
  tally.add(call(5, { ending: 'cut', endedAtMs: 71_000 }))
  tally.add(call(6, { endedAtMs: 9000, offeredAtMs: 100 }))
  return tally
}

test('calls of the window are counted by ending, and the accounts close', () => {
  const { calls } = tallied().summary({})
  expect(calls).toEqual({
    completed: 1,
    escalated: 1,
    abandoned: 0,
    dropped: 1,
    blocked: 1,
    failed: 0,
    ended: 4,
    blockedByAgent: 0,
    inFlightAtStart: 1,
    offered: 4,
    inFlightAtEnd: 1,
    perSecond: 4 / 60,
  })
})

test('a call that the agent rejects had a channel, and is blocked by the agent', () => {
  const tally = tallied()
  tally.add(call(7, { ending: 'blocked', answeredAtMs: NaN, endedAtMs: 20_040 }))
  expect(tally.summary({}).calls).toMatchObject({ blocked: 2, blockedByAgent: 1, failed: 0, ended: 5 })
})

test('calls hold channels from grant to end, as far as the window goes', () => {
  const { active } = tallied().summary({})
  expect(active.mean).toBeCloseTo((30_000 + 30_000 + 2000 + 50_000) / 60_000, 9)
  expect(active.max).toBe(3)
})

test('what was heard: barge-in, holes, timeouts of tools and the proxy, by its formula', () => {
  const summary = tallied().summary({})
  expect(summary).toMatchObject({
    interruptions: 2,
    talkedOver: 1,
    gaps: { count: 2, callsWithGaps: 1, longestMs: 450 },
    integrationTimeouts: 0.25,
    bargeInMs: { mean: 400, max: 700, count: 2 },
  })
  const first = (1.5 / 3) * 0.9
  const second = 1 * 0.9 ** 3
  expect(summary.satisfaction!.score).toBeCloseTo((first + second) / 4, 9)
})

test('objectives are judged on calls', () => {
  const tally = tallied()
  const judged = workload!.objectives.map((objective) => tally.judge(objective))
  expect(judged.map(({ value }) => value)).toEqual([
    0.25,
    0.25,
    expect.closeTo(670, 6),
    2 / 3,
    expect.closeTo(0.295, 2),
  ])
  expect(judged.map(({ pass }) => pass)).toEqual([true, false, false, true, 'undecided'])
})
