import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { modelCall } from './fixture-records.ts'
import type { CallRecord, TurnRecord } from './records.ts'
import { createSummarizer } from './summarize.ts'

const { workload } = parseWorkload('model: { output: 1 }')

const call = (sentAtMs: number, endedAtMs: number, more: Partial<CallRecord>): CallRecord =>
  modelCall({ session: 0, sentAtMs, firstTokenAtMs: NaN, endedAtMs, ...more })

const turn = (more: Partial<TurnRecord>): TurnRecord => ({
  kind: 'turn',
  session: 0,
  turn: 0,
  scenario: 0,
  intendedAtMs: 0,
  sentAtMs: 0,
  firstTokenAtMs: 900,
  endedAtMs: 1000,
  tokens: 1,
  outcome: 'completed',
  errorKind: 'none',
  status: 200,
  ...more,
})

function summaryOf(records: readonly (CallRecord | TurnRecord)[]) {
  const summarizer = createSummarizer({
    workload: workload!,
    origin: 'measured',
    level: { users: 1 },
    speed: 1,
    window: { warmupMs: 0, measuredMs: 10_000 },
    runId: 'r',
  })
  for (const record of records) summarizer.add(record)
  return summarizer.finish({})
}

test('a call spoiled on purpose is a try, and the wait after it is not the agent’s own time', () => {
  const { faults, calls, ownTime } = summaryOf([
    call(100, 200, { outcome: 'failed', errorKind: 'cut', fault: 'cut' }),
    call(700, 900, { attempt: 1 }),
    turn({}),
  ])
  expect(faults).toEqual({ byName: { cut: 1 }, turns: 1, failedTurns: 0 })
  expect(calls).toMatchObject({ depth: { intended: 1, observed: 1, cut: 0 }, retriesPerTurn: 1 })
  expect([ownTime!.beforeMs!.mean, ownTime!.betweenMs!.mean, ownTime!.retryWaitMs!.mean]).toEqual([
    100, 0, 500,
  ])
})

test('turns that failed with a fault are told apart; without any there is nothing to tell', () => {
  const spoiled = call(100, 200, { outcome: 'rejected', errorKind: 'http_5xx', status: 503, fault: '503' })
  expect(summaryOf([spoiled, turn({ outcome: 'failed', errorKind: 'http_5xx' })]).faults).toEqual({
    byName: { 503: 1 },
    turns: 1,
    failedTurns: 1,
  })
  expect(summaryOf([call(100, 200, {}), turn({})])).not.toHaveProperty('faults')
})
