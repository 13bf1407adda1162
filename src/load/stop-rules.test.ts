import { describe, expect, test } from 'vitest'
import { loadWorkload } from '../../test/load-world.ts'
import type { TurnRecord } from '../result/records.ts'
import { parseObjective } from '../workload/parse-objective.ts'
import type { Level } from '../workload/level.ts'
import { StopRules } from './stop-rules.ts'

const price = { inputPerMillionUsd: 1, cachedPerMillionUsd: 0.1, outputPerMillionUsd: 10, source: 'a list' }
const [model] = loadWorkload().models
const workload = loadWorkload({ models: [{ ...model!, price }] })
const counts = { completed: 0, failed: 0, abandoned: 0, rejected: 0, cut: 0 }
const users: Level = { users: 5 }

function turn(tookMs: number): TurnRecord {
  return {
    kind: 'turn',
    session: 0,
    turn: 0,
    scenario: 0,
    intendedAtMs: 0,
    sentAtMs: 0,
    firstTokenAtMs: tookMs / 2,
    endedAtMs: tookMs,
    tokens: 3,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
  }
}

describe('money', () => {
  const usage = { inputTokens: 1_000_000, cachedTokens: 500_000, outputTokens: 100_000 }
  const limits = { warmupMs: 0, maxSpendUsd: 10 }

  test("what the target tells is priced by the file's price", () => {
    const rules = new StopRules(workload, limits, users)
    rules.ended(turn(10), usage)
    expect(rules.spend()).toEqual({ usd: 0.5 + 0.05 + 1, told: 1 })
  })

  test('what is written to a cache costs what the price says of it', () => {
    const dear = { ...price, writtenPerMillionUsd: 1.25, hourlyPerMillionUsd: 2 }
    const rules = new StopRules(loadWorkload({ models: [{ ...model!, price: dear }] }), limits, users)
    rules.ended(turn(10), { ...usage, writtenTokens: 400_000, hourlyTokens: 100_000 })
    expect(rules.spend().usd).toBeCloseTo(0.1 + 0.05 + 0.3 * 1.25 + 0.1 * 2 + 1, 12)
  })

  test('turns in flight count as those before, so that the limit is not passed', () => {
    const rules = new StopRules(workload, limits, users)
    rules.ended(turn(10), usage)
    rules.started({ ...counts, started: 5, inFlight: 4 })
    expect(rules.reason).toBeUndefined()
    rules.started({ ...counts, started: 6, inFlight: 5 })
    expect(rules.reason).toContain('--max-spend')
  })

  test('a target that tells nothing is priced as the file expects', () => {
    const rules = new StopRules(workload, { warmupMs: 0, maxSpendUsd: 1, turnUsd: 0.3 }, users)
    rules.started({ ...counts, started: 1, inFlight: 1 })
    expect(rules.reason).toBeUndefined()
    rules.ended(turn(10), undefined)
    rules.started({ ...counts, started: 3, inFlight: 2 })
    expect(rules.reason).toContain('$0.30 were spent')
    expect(rules.spend()).toEqual({ usd: 0.3, told: 0 })
  })
})

describe('abortOnFail', () => {
  const objective = parseObjective({ objective: 'turn p95 < 1s', abortOnFail: true, delayAbortEval: '10s' })
  const rulesOf = () => new StopRules(loadWorkload({ objectives: [objective] }), { warmupMs: 0 }, users)

  test('a missed objective ends the run, not before its delay', () => {
    const rules = rulesOf()
    for (let i = 0; i < 50; i++) rules.ended(turn(2000), undefined)
    const seen = { ...counts, started: 50, inFlight: 0 }
    expect(rules.look(9999, seen)).toBeUndefined()
    expect(rules.look(10_000, seen)).toBe('turn p95 < 1s is missed (abortOnFail)')
  })

  test('one that holds does not, and nor does one without the flag', () => {
    const rules = rulesOf()
    for (let i = 0; i < 50; i++) rules.ended(turn(500), undefined)
    expect(rules.look(60_000, { ...counts, started: 50, inFlight: 0 })).toBeUndefined()
    const plain = new StopRules(
      loadWorkload({ objectives: [parseObjective('turn p95 < 1s')] }),
      { warmupMs: 0 },
      users,
    )
    for (let i = 0; i < 50; i++) plain.ended(turn(5000), undefined)
    expect(plain.look(60_000, { ...counts, started: 50, inFlight: 0 })).toBeUndefined()
  })
})

describe('saturation', () => {
  const open: Level = { sessionsPerSecond: 10 }
  const after = (
    limits: { stopOnSaturation: boolean },
    level: Level,
    inFlightAt: (second: number) => number,
  ) => {
    const rules = new StopRules(workload, { warmupMs: 5000, ...limits }, level)
    for (let second = 1; second <= 60; second++)
      rules.look(second * 1000, { ...counts, started: second * 10, inFlight: inFlightAt(second) })
    return rules.reason
  }

  test.each([
    ['turns that pile up', (second: number) => second * 3, true],
    ['a queue that comes and goes', (second: number) => 60 + Math.round(40 * Math.sin(second)), false],
    ['a level filling up to where it stays', (second: number) => Math.min(100, second * 9), false],
    ['next to nothing in flight', (second: number) => Math.round(second / 10), false],
  ])('%s', (_name, inFlightAt, saturated) => {
    expect(after({ stopOnSaturation: true }, open, inFlightAt) !== undefined).toBe(saturated)
  })

  test('only where it is asked for, and only where load is open', () => {
    expect(after({ stopOnSaturation: false }, open, (second) => second * 3)).toBeUndefined()
    expect(after({ stopOnSaturation: true }, users, (second) => second * 3)).toBeUndefined()
  })
})
