import { expect, test } from 'vitest'
import type { CallRecord, TurnRecord } from '../result/records.ts'
import { runSeries } from './run-series.ts'

test('sixty stretches of the run, each with what happened in it', () => {
  const series = runSeries({
    turns: [turn(500, 1500), turn(1200, 1900), turn(1000, 1700, 'failed'), turn(59_000, 60_500)],
    calls: [call(100, 3500), call(2500, 2900), call(5100, 5200, 'rate_limited')],
    endMs: 60_000,
    usersAt: (atMs) => Math.ceil(atMs / 1000),
  })
  expect(series).toHaveLength(60)
  expect(series[1]).toMatchObject({ atMs: 2000, users: 2, turnsPerSecond: 2, callsInFlight: 1, errors: 1 })
  expect(series[1]!.turnP95Ms! / 1000).toBeCloseTo(1, 1)
  const inFlight = [0.9, 1, 1.4, 0.5, 0, 0.1]
  for (const [i, calls] of inFlight.entries()) expect(series[i]!.callsInFlight).toBeCloseTo(calls, 9)
  expect(series[5]).toMatchObject({ rateLimited: 1, turnsPerSecond: 0 })
  expect(series[5]).not.toHaveProperty('turnP50Ms')
  expect(series.reduce((sum, { turnsPerSecond }) => sum + turnsPerSecond, 0)).toBeCloseTo(2, 9)
})

test('without records of calls, none are claimed', () => {
  const [point] = runSeries({ turns: [turn(0, 10)], calls: [], endMs: 60_000, usersAt: () => 1 })
  expect(point).not.toHaveProperty('callsInFlight')
  expect(point).not.toHaveProperty('rateLimited')
  expect(runSeries({ turns: [], calls: [], endMs: 0, usersAt: () => 0 })).toEqual([])
})

function turn(
  sentAtMs: number,
  endedAtMs: number,
  outcome: 'completed' | 'failed' = 'completed',
): TurnRecord {
  return {
    kind: 'turn',
    session: 0,
    turn: 0,
    scenario: 0,
    intendedAtMs: sentAtMs,
    sentAtMs,
    firstTokenAtMs: sentAtMs,
    endedAtMs,
    tokens: 1,
    outcome,
    errorKind: outcome === 'completed' ? 'none' : 'http_5xx',
    status: 200,
  }
}

function call(sentAtMs: number, endedAtMs: number, errorKind: 'none' | 'rate_limited' = 'none'): CallRecord {
  return {
    kind: 'model',
    service: 0,
    session: 0,
    turn: 0,
    step: 1,
    attempt: 0,
    sentAtMs,
    firstTokenAtMs: sentAtMs,
    endedAtMs,
    inputTokens: 1,
    cachedTokens: 0,
    outputTokens: 1,
    maxTokens: NaN,
    depth: 1,
    outcome: errorKind === 'none' ? 'completed' : 'rejected',
    errorKind,
    status: 200,
    joinedBy: 'id',
  }
}
