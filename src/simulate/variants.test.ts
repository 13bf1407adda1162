import { expect, test } from 'vitest'
import { pairedDifferences } from '../result/differences.ts'
import { acrossReplications } from '../result/replications.ts'
import type { Summary } from '../result/summary.ts'
import { exponential } from '../stats/distributions.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import type { Workload } from '../workload/workload.ts'
import { fixtureWorkload } from './fixture-workloads.ts'
import { leastPrecise, nextLengthMs } from './precision.ts'
import { simulate } from './simulate.ts'

const hourMs = 3_600_000
const workload: Workload = {
  ...fixtureWorkload({ agent: { workers: 1, concurrency: 1 }, model: { ttft: exponential(1000) } }),
  objectives: [
    { text: 'turn p95 < 8s', metric: 'turn', statistic: { kind: 'percentile', share: 0.95 }, limit: 8000 },
    { text: 'errors < 1%', metric: 'errors', statistic: { kind: 'rate' }, limit: 0.01 },
  ],
}
const level = { sessionsPerSecond: 0.7 }
const runs = (of: Workload, seeds: readonly number[]): Summary[] =>
  seeds.map((seed) => simulate(of, { level, seed, warmupMs: hourMs / 4, measuredMs: 2 * hourMs }))
const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
const base = runs(workload, seeds)

test('replications: counts add up, figures are means, intervals are across runs', () => {
  const all = acrossReplications(base)
  const mean = (pick: (run: Summary) => number) => base.reduce((sum, run) => sum + pick(run) / base.length, 0)
  expect(all.replications).toBe(8)
  expect(all.seed).toBe(1)
  expect(all.window).toEqual(base[0]!.window)
  expect(all.turns.completed).toBe(base.reduce((sum, { turns }) => sum + turns.completed!, 0))
  expect(all.turns.perSecond).toBeCloseTo(
    mean(({ turns }) => turns.perSecond),
    12,
  )
  expect(all.latency.turnMs!.p95).toBeCloseTo(
    mean(({ latency }) => latency.turnMs!.p95),
    9,
  )
  expect(all.latency.turnMs!.max).toBe(Math.max(...base.map(({ latency }) => latency.turnMs!.max!)))
  expect(all.latency.turnMs!.count).toBe(base.reduce((sum, { latency }) => sum + latency.turnMs!.count!, 0))
  const { inFlightAtStart, started, completed, failed, abandoned, rejected, inFlightAtEnd } = all.turns
  expect(inFlightAtStart! + started!).toBe(completed! + failed! + abandoned! + rejected! + inFlightAtEnd!)
  // M/M/1: 1 s ÷ (1 − 0.7), p95 three times that. These seeds are fixed; five in a hundred others would miss each.
  const [low, high] = all.latency.turnMs!.ci95!.mean!
  expect(low).toBeLessThan(1000 / 0.3)
  expect(high).toBeGreaterThan(1000 / 0.3)
  const [p95] = all.objectives
  expect(p95!.low).toBeLessThan((Math.log(20) * 1000) / 0.3)
  expect(p95!.high).toBeGreaterThan((Math.log(20) * 1000) / 0.3)
  expect(p95!.pass).toBe(false)
  expect(all.objectives[1]).toMatchObject({ value: 0, pass: true })
})

test('replications: what the agent’s rules did is the mean over the runs', () => {
  const { agent } = workload
  const scale = { from: 1, to: 3, above: 0.8, below: 0.4, everyMs: 60_000, startupMs: 30_000 }
  const scaled = runs({ ...workload, agent: { ...agent, scale } }, [1, 3])
  const rules = acrossReplications(scaled).rules!
  expect(rules.map(({ rule }) => rule)).toEqual([
    'servers started',
    'servers stopped',
    'servers paid for on average',
  ])
  for (const [i, { count }] of rules.entries()) {
    const [first, second] = scaled.map((run) => run.rules![i]!.count) as [number, number]
    expect(first).not.toBe(second)
    expect(count).toBe((first + second) / 2)
  }
})

test('replications: every distribution that each run has tells how much they differ', () => {
  const all = acrossReplications(base)
  const told = (dist: Summary['latency']['turnMs']) => [dist!.ci95!.mean, dist!.ci95!.p95]
  // One call is the turn but for its wait; the only scenario is all turns.
  expect(told(all.scenarios!['only']!.turnMs)).toEqual(told(all.latency.turnMs))
  expect(told(all.all!.metrics!.turn as Summary['latency']['turnMs'])).toEqual(told(all.latency.turnMs))
  const [low, high] = all.models!['model']!.latencyMs!.ci95!.mean!
  expect(low).toBeLessThan(1000)
  expect(high).toBeGreaterThan(1000)
  expect((high - low) / 1000).toBeLessThan(0.1)
  expect(all.calls!.latencyMs!.ci95).toEqual(all.models!['model']!.latencyMs!.ci95)
  // What one run alone has differs from nothing, and what is always zero never lies below it.
  const [first, second] = base as [Summary, Summary]
  const rare = acrossReplications([first, { ...second, scenarios: {} }]).scenarios!['only']!
  expect(rare.turnMs).toMatchObject({ mean: first.latency.turnMs!.mean })
  expect(rare.turnMs!.ci95).toBeUndefined()
  const waited = (p95: number) => ({ retryWaitMs: { mean: p95 / 9, p50: 0, p90: 0, p95, p99: p95 } })
  const { ownTime } = acrossReplications([0, 0, 90].map((p95) => ({ ...first, ownTime: waited(p95) })))
  expect(ownTime!.retryWaitMs!.ci95!.p95![0]).toBe(0)
})

test('replications: what a run has nothing of is nothing there, whatever it has in its place', () => {
  const parts = (part: string, meanMs: number) => ({ part, meanMs })
  const [first, second] = base as [Summary, Summary]
  const all = acrossReplications([
    { ...first, turnTime: [parts('model', 100)] },
    { ...second, turnTime: [parts('queue', 30), parts('model', 110), parts('retry wait', 8)] },
  ])
  expect(all.turnTime).toEqual([parts('queue', 15), parts('model', 105), parts('retry wait', 4)])
})

test('replications: tokens of a call are their mean, counts of calls by telephone add up', () => {
  const [first, second] = base as [Summary, Summary]
  expect(acrossReplications([first, second]).models!['model']!.tokensPerCall!.output).toBe(1)
  const ofCalls = (offered: number, blocked: number): Summary['phone'] => ({
    calls: {
      offered,
      blocked,
      ended: offered,
      completed: offered - blocked,
      blockedByAgent: 0,
      escalated: 1,
      abandoned: 0,
      dropped: 0,
      failed: 0,
      inFlightAtStart: 0,
      inFlightAtEnd: 0,
      perSecond: offered / 60,
    },
    active: { mean: 3, max: offered },
    gaps: { count: 0, callsWithGaps: 0, longestMs: 0 },
    interruptions: 2,
    talkedOver: 0,
    integrationTimeouts: 0,
  })
  const { phone } = acrossReplications([
    { ...first, phone: ofCalls(60, 6)! },
    { ...second, phone: ofCalls(120, 0)! },
  ])
  expect(phone!.calls).toMatchObject({ offered: 180, ended: 180, blocked: 6, escalated: 2, perSecond: 1.5 })
  expect(phone).toMatchObject({ interruptions: 4, active: { mean: 3, max: 120 } })
})

test('replications: an objective keeps its metric, and what nobody saw is not known to be nothing', () => {
  const two = acrossReplications(base.slice(0, 2))
  const [, errors] = two.objectives
  const { effectiveCount } = errors!.exceeded!
  expect(errors!.metric).toBe('errors')
  expect([errors!.low, errors!.high]).toEqual(wilsonInterval(0, effectiveCount))
  const good: Summary['objectives'] = [0.91, 0.93].map((value) => ({
    text: 'goodput > 90%',
    metric: 'goodput',
    value,
    limit: 0.9,
    pass: true,
    exceeded: { share: 1 - value, low: 0, high: 0.2, allowed: 0.1, effectiveCount: 1000 },
  }))
  const [goodput] = acrossReplications(
    good.map((objective, i) => ({ ...base[i]!, objectives: [objective] })),
  ).objectives
  expect(goodput).toMatchObject({ metric: 'goodput', value: 0.92, high: 1 })
})

test('replications: what binds in the most runs binds', () => {
  const use = (name: string, utilisation: number, binding: boolean) => ({
    name,
    utilisation,
    binding,
    limit: 10,
    unit: 'calls',
  })
  const refused = [use('carrier, starts', 0.2, true), use('speech to text', 0.6, false)]
  const { services } = acrossReplications(base.slice(0, 2).map((run) => ({ ...run, services: refused })))
  expect(services).toEqual(refused)
})

test('one replication is the run itself', () => {
  expect(acrossReplications([base[0]!])).toBe(base[0])
})

test('variants with the same seeds: the interval of the difference is narrower than that of either', () => {
  const slower = { ...workload, models: [{ ...workload.models[0]!, ttft: exponential(1010) }] }
  const changed = runs(slower, seeds)
  const { rows } = pairedDifferences('model.ttft=1.01s', base, changed)
  const turn = rows.find(({ figure }) => figure === 'turn mean')!
  // M/M/1 at 0.7 sessions a second: 1.01 seconds of service against one.
  const exact = 1010 / (1 - 0.7 * 1.01) - 1000 / 0.3
  const [low, high] = turn.interval!
  expect(turn.difference).toBeCloseTo(turn.changed - turn.base, 9)
  expect(low).toBeLessThan(exact)
  expect(high).toBeGreaterThan(exact)
  const [lowest, highest] = acrossReplications(base).latency.turnMs!.ci95!.mean!
  expect(high - low).toBeLessThan((highest - lowest) / 3)
  expect(low).toBeGreaterThan(0)
})

test('a variant that changes nothing differs by nothing', () => {
  for (const row of pairedDifferences('seed', base, base).rows) {
    expect(row.difference).toBe(0)
    expect(row.interval).toEqual([0, 0])
  }
})

test('the least precise figure decides how long the next run is', () => {
  const [summary] = base as [Summary]
  const seen = leastPrecise(summary)
  const [p95] = summary.objectives
  expect(seen.figure).toBe('turn p95 < 8s')
  expect(seen.relative).toBeCloseTo((p95!.high! - p95!.low!) / 2 / p95!.value!, 12)
  expect(leastPrecise({ ...summary, objectives: [] }).figure).toBe('turn p95')
  const { low: _, high: __, ...unknown } = p95!
  expect(leastPrecise({ ...summary, objectives: [unknown] }).relative).toBe(Infinity)
  const { perSecondCi95: ___, ...turns } = summary.turns
  expect(leastPrecise({ ...summary, turns, objectives: [] })).toEqual({
    figure: 'turns/s',
    relative: Infinity,
  })
  expect(nextLengthMs({ figure: 'x', relative: 0.04 }, 0.02, hourMs, 100 * hourMs)).toBeCloseTo(
    4.4 * hourMs,
    6,
  )
  expect(nextLengthMs({ figure: 'x', relative: 0.021 }, 0.02, hourMs, 100 * hourMs)).toBe(1.5 * hourMs)
  expect(nextLengthMs({ figure: 'x', relative: Infinity }, 0.02, hourMs, 100 * hourMs)).toBe(8 * hourMs)
  expect(nextLengthMs({ figure: 'x', relative: 0.04 }, 0.02, hourMs, 2 * hourMs)).toBe(2 * hourMs)
  expect(nextLengthMs({ figure: 'x', relative: 0.04 }, 0.02, hourMs, hourMs)).toBeUndefined()
  expect(nextLengthMs({ figure: 'x', relative: 0.02 }, 0.02, hourMs, 100 * hourMs)).toBeUndefined()
})
