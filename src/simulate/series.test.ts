import { expect, test } from 'vitest'
import type { CallRecord, TurnRecord } from '../result/records.ts'
import { constant, exponential } from '../stats/distributions.ts'
import { play } from './fixture-play.ts'
import { fixtureWorkload } from './fixture-workloads.ts'
import { Simulation } from './simulation.ts'

type Span = readonly [fromMs: number, toMs: number]

/** How many of the spans there were between two instants. */
function during(spans: readonly Span[], fromMs: number, toMs: number): { mean: number; highest: number } {
  const within = spans
    .filter(([from, to]) => from < toMs && to > fromMs)
    .map(([from, to]): Span => [Math.max(from, fromMs), Math.min(to, toMs)])
  const heldMs = within.reduce((sum, [from, to]) => sum + to - from, 0)
  const at = (atMs: number): number => within.filter(([from, to]) => from <= atMs && atMs < to).length
  return { mean: heldMs / (toMs - fromMs), highest: Math.max(0, ...within.map(([from]) => at(from))) }
}

const spanOf = ({ sentAtMs, endedAtMs }: TurnRecord | CallRecord): Span => [sentAtMs, endedAtMs]

// Nine tenths of the time nobody is there, so that most looks at one instant of each minute would see nobody.
test.each([
  ['a plain world', Infinity],
  ['the whole agent', 3_600_000],
])('a line that comes and goes between two points is in the series of %s', (_, turnMs) => {
  const workload = fixtureWorkload({
    model: { ttft: constant(2000) },
    agent: { workers: 1, concurrency: 1, limits: { turnMs, steps: 1 } },
  })
  const { simulation, turns, calls } = play(workload, { sessionsPerSecond: 0.05 }, 3_600_000)
  const { series } = simulation.meter
  const callOf = new Map(calls.map((call) => [`${call.session}/${call.turn}`, call]))
  const waits = turns.map(({ session, turn, sentAtMs }): Span => {
    return [sentAtMs, callOf.get(`${session}/${turn}`)!.sentAtMs]
  })
  const levels = { turnsInFlight: turns.map(spanOf), waiting: waits, callsInFlight: calls.map(spanOf) }
  for (const [name, spans] of Object.entries(levels) as [keyof typeof levels, Span[]][])
    // The last one may hold a turn of which no record tells.
    for (const [i, point] of series.slice(0, -1).entries()) {
      const { mean, highest } = during(spans, i * 60_000, (i + 1) * 60_000)
      expect(point[name]).toBeCloseTo(mean, 9)
      expect(point.highest![name]).toBe(highest)
    }
  expect(series.filter(({ highest }) => highest!.waiting! > 0).length).toBeGreaterThan(1)
})

test('a quota is told as it was all the time, not as it is at the end of each point', () => {
  const workload = fixtureWorkload({
    users: { think: constant(1e9) },
    model: { ttft: constant(1000), quota: { requestsPerMinute: 60, tokensPerMinute: Infinity } },
  })
  // It begins empty and fills for a minute, and nobody comes.
  const [first, second] = play(workload, { users: 1 }, 3_600_000).simulation.meter.series
  expect(first!.quotaUsed).toBeCloseTo(0.5, 1)
  expect(first!.highest!.quotaUsed).toBeGreaterThan(0.95)
  expect(second).toMatchObject({ quotaUsed: 0, highest: { quotaUsed: 0 } })
})

test('how often one looks changes nothing of what happens, to the last digit', () => {
  const workload = fixtureWorkload({
    users: { think: exponential(3000) },
    model: { ttft: exponential(700), quota: { requestsPerMinute: 77, tokensPerMinute: Infinity } },
    agent: { retries: { attempts: 3, backoffMs: 500, honourRetryAfter: true } },
  })
  const recordsOf = (seriesPoints: number): string[] => {
    const records: string[] = []
    const options = { level: { users: 20 }, seed: 1, warmupMs: 0, measuredMs: 600_000, seriesPoints }
    new Simulation(workload, options, (record) => void records.push(JSON.stringify(record))).run()
    return records
  }
  expect(recordsOf(7)).toEqual(recordsOf(60))
})
