import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CallRecord } from '../result/records.ts'
import { constant, exponential, geometric, lognormal, uniform } from '../stats/distributions.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { parts } from './clients.ts'
import { type Played, play } from './fixture-play.ts'
import { fixtureWorkload } from './fixture-workloads.ts'

const measuredMs = 120_000
const warmupMs = 30_000
const mean = (most: number) => fc.integer({ min: 1, max: most })
const limit = (most: number) => fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: most }))
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })

const patience = fc.record({
  of: fc.constantFrom('turn' as const, 'firstToken' as const),
  after: mean(20_000).map(exponential),
  // oxlint-disable-next-line unicorn/no-thenable -- the workload file's word; nobody awaits it
  then: fc.constantFrom('continue' as const, 'leave' as const),
})
const engine = fc.record({ stepMs: mean(30), decodeMs: mean(3), prefillMs: fc.constant(0.1), slots: mean(8) })
const quota = fc.record({ requestsPerMinute: limit(300), tokensPerMinute: limit(50_000) })

/** Workloads of every shape: with and without limits, patience, quota, engine and tools; few users or many. */
const workloads: fc.Arbitrary<Workload> = fc
  .record({
    think: fc.integer({ min: 500, max: 10_000 }),
    patience: rarely(patience),
    turns: mean(4),
    depth: mean(4),
    workers: limit(4),
    concurrency: limit(4),
    queue: fc.oneof(fc.constant(Infinity), fc.nat(6)),
    cpu: fc.constantFrom(0, 0.5),
    stateMs: fc.constantFrom(0, 15),
    turnMs: limit(30_000),
    steps: limit(4),
    attempts: fc.nat(3),
    honourRetryAfter: fc.boolean(),
    ttft: mean(2000),
    perToken: fc.nat(20),
    output: mean(100),
    maxTokens: rarely(mean(200)),
    quota: rarely(quota),
    engine: rarely(engine),
    tools: fc.array(
      fc.record({
        latency: mean(3000),
        capacity: limit(3),
        failure: fc.constantFrom(0, 0.3),
        fanOut: mean(3),
      }),
      {
        maxLength: 2,
      },
    ),
  })
  .map((drawn) =>
    fixtureWorkload({
      users: { think: exponential(drawn.think), ...(drawn.patience ? { patience: drawn.patience } : {}) },
      scenario: {
        turns: geometric(drawn.turns),
        depth: geometric(drawn.depth),
        input: {
          system: constant(100),
          message: uniform(1, 50),
          toolResult: constant(40),
          historyMessages: 4,
        },
      },
      agent: {
        workers: drawn.workers,
        concurrency: drawn.concurrency,
        queue: drawn.queue,
        overhead: { cpuPerCallMs: drawn.cpu * 4, cpuPerTokenMs: drawn.cpu, stateMs: constant(drawn.stateMs) },
        limits: { turnMs: drawn.turnMs, steps: drawn.steps },
        retries: { attempts: drawn.attempts, backoffMs: 300, honourRetryAfter: drawn.honourRetryAfter },
      },
      model: {
        ttft: exponential(drawn.ttft),
        perToken: constant(drawn.perToken),
        output: lognormal(drawn.output, 0.8),
        ...(drawn.maxTokens ? { maxTokens: drawn.maxTokens } : {}),
        ...(drawn.quota ? { quota: drawn.quota } : {}),
        ...(drawn.engine ? { engine: drawn.engine } : {}),
      },
      tools: drawn.tools.map((tool) => ({
        latency: exponential(tool.latency),
        capacity: tool.capacity,
        failure: tool.failure,
        fanOut: geometric(tool.fanOut),
      })),
    }),
  )

const levels: fc.Arbitrary<Level> = fc.oneof(
  mean(25).map((users) => ({ users })),
  mean(20).map((tenths) => ({ sessionsPerSecond: tenths / 10 })),
)

const turnKey = ({ session, turn }: { session: number; turn: number }): string => `${session} ${turn}`

function callsByTurn(calls: readonly CallRecord[]): Map<string, CallRecord[]> {
  const byTurn = new Map<string, CallRecord[]>()
  for (const call of calls) {
    const list = byTurn.get(turnKey(call))
    if (list) list.push(call)
    else byTurn.set(turnKey(call), [call])
  }
  return byTurn
}

/** What was in flight and what began is what ended and what still is in flight, for turns and for what they hold. */
function expectAccountsClose({ turns, simulation }: Played): void {
  const { meter, agent } = simulation
  const counts = meter.turnCounts()
  const ended = (outcome: string) =>
    turns.filter((turn) => turn.outcome === outcome && turn.endedAtMs >= warmupMs).length
  expect(counts).toMatchObject({
    completed: ended('completed'),
    failed: ended('failed'),
    abandoned: ended('abandoned'),
    rejected: ended('rejected'),
  })
  expect(counts.inFlightAtStart + counts.started).toBe(
    counts.completed + counts.failed + counts.abandoned + counts.rejected + counts.inFlightAtEnd,
  )
  expect(agent.workers.busy.level).toBeLessThanOrEqual(
    Math.min(agent.workers.slots.level, counts.inFlightAtEnd),
  )
  expect(meter.callsInFlight.level).toBeLessThanOrEqual(agent.workers.busy.level)
}

/** Records tell of each turn once, after its calls, and nothing ends before it begins. */
function expectOrder({ records, turns, calls }: Played, workload: Workload): void {
  const over = new Set<string>()
  let atMs = 0
  for (const record of records) {
    if (over.has(turnKey(record))) expect.fail(`${turnKey(record)} was over`)
    if (record.kind === 'turn') over.add(turnKey(record))
    if (record.endedAtMs < atMs || record.endedAtMs < record.sentAtMs) expect.fail('time steps back')
    if (record.firstTokenAtMs > record.endedAtMs) expect.fail('a first token after the end')
    atMs = record.endedAtMs
  }
  const byTurn = callsByTurn(calls)
  for (const turn of turns) {
    if (turn.outcome !== 'completed') continue
    const completed = (byTurn.get(turnKey(turn)) ?? []).filter(
      (call) => call.kind === 'model' && call.outcome === 'completed',
    )
    const depth = completed[0]!.depth
    expect(completed.map(({ step }) => step)).toEqual(
      Array.from({ length: Math.min(depth, workload.agent.limits.steps) }, (_, i) => i + 1),
    )
    expect(turn.firstTokenAtMs).toBeGreaterThanOrEqual(completed.at(-1)!.firstTokenAtMs)
  }
}

test('accounting closes, whatever the workload', () => {
  fc.assert(
    fc.property(workloads, levels, fc.nat(1000), (workload, level, seed) => {
      const played = play(workload, level, measuredMs, seed, warmupMs)
      expectAccountsClose(played)
      expectOrder(played, workload)
    }),
    { numRuns: 80, seed: 7 },
  )
})

test('the parts of a turn’s time add up to it', () => {
  fc.assert(
    fc.property(workloads, levels, (workload, level) => {
      const { turns, simulation } = play(workload, level, measuredMs)
      const spentMs = turns
        .filter(({ outcome }) => outcome !== 'rejected')
        .reduce((sum, { sentAtMs, endedAtMs }) => sum + endedAtMs - sentAtMs, 0)
      const { partMs } = simulation.meter
      expect(partMs).toHaveLength(parts.length)
      expect(partMs.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(spentMs, 3)
    }),
    { numRuns: 40, seed: 7 },
  )
})

test('the same seed gives the same records, another seed others', () => {
  fc.assert(
    fc.property(workloads, levels, (workload, level) => {
      const told = (seed: number) => JSON.stringify(play(workload, level, measuredMs, seed).records)
      const first = told(1)
      expect(told(1)).toBe(first)
      if (first !== '[]') expect(told(2)).not.toBe(first)
    }),
    { numRuns: 30, seed: 7 },
  )
})

test('closed users take sessions in turn and never two at once', () => {
  const workload = fixtureWorkload({
    users: { think: exponential(3000) },
    scenario: { turns: geometric(3) },
    model: { ttft: exponential(2000) },
  })
  const users = 7
  const { turns } = play(workload, { users }, 600_000)
  const freeAtMs = Array.from({ length: users }, () => 0)
  const last = Array.from({ length: users }, () => '')
  for (const turn of turns.toSorted((a, b) => a.sentAtMs - b.sentAtMs)) {
    const user = turn.session % users
    expect(turn.sentAtMs).toBeGreaterThanOrEqual(freeAtMs[user]!)
    expect(turn.intendedAtMs).toBe(turn.sentAtMs)
    if (turn.turn > 0) expect(last[user]).toBe(`${turn.session} ${turn.turn - 1}`)
    freeAtMs[user] = turn.endedAtMs
    last[user] = turnKey(turn)
  }
  expect(turns.length).toBeGreaterThan(500)
})

test('the series covers the run in equal steps', () => {
  const workload = fixtureWorkload({ model: { ttft: exponential(2000) } })
  const { simulation, turns } = play(workload, { users: 20 }, 540_000, 1, 60_000)
  const { series } = simulation.meter
  expect(series.map(({ atMs }) => Math.round(atMs))).toEqual(
    Array.from({ length: 60 }, (_, i) => (i + 1) * 10_000),
  )
  expect(series.reduce((sum, { turnsPerSecond }) => sum + turnsPerSecond * 10, 0)).toBeCloseTo(
    turns.length,
    6,
  )
  expect(series.every(({ users }) => users === 20)).toBe(true)
  const first = turns
    .filter(({ endedAtMs }) => endedAtMs < 10_000)
    .map((turn) => turn.endedAtMs - turn.sentAtMs)
  const median = first.toSorted((a, b) => a - b)[Math.ceil(first.length / 2) - 1]!
  expect(Math.abs(series[0]!.turnP50Ms! / median - 1)).toBeLessThan(0.01)
})
