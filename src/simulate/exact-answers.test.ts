import { describe, expect, test } from 'vitest'
import { constant, exponential } from '../stats/distributions.ts'
import { type Estimate, play, replicate } from './fixture-play.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { fixtureWorkload, repairman } from './fixture-workloads.ts'
import { simulate } from './simulate.ts'

// Each expectation is a ten-replication interval that misses the truth once in a thousand choices of seeds; there
// are about fifteen of them, so all but one set of seeds in seventy would pass. The seeds are fixed.

const hourMs = 3_600_000

/** The truth lies in the interval, and the interval is narrow enough to mean something. */
function expectExact(estimate: Estimate, exact: number, relativeWidth: number): void {
  expect(Math.abs(estimate.mean - exact)).toBeLessThan(estimate.within)
  expect(estimate.within / exact).toBeLessThan(relativeWidth)
}

function erlangC(servers: number, erlangs: number): number {
  let b = 1
  for (let k = 1; k <= servers; k++) b = 1 / (1 + k / erlangs / b)
  return b / (1 - (erlangs / servers) * (1 - b))
}

describe('closed, against birth and death', () => {
  test.each([
    [50, 1.442387943, 4664.737902],
    [200, 1.666666667, 90_000],
  ])('machine repairman with %i users', (users, perSecond, turnMs) => {
    const { perSecond: x, turnMs: r } = replicate(repairman, { users }, 4 * hourMs, hourMs / 2)
    expectExact(x, perSecond, 0.02)
    expectExact(r, turnMs, 0.05)
  })

  test.each([
    [40, 64, 1.026340717, 8973.412389],
    [80, 20, 1.658289589, 18_242.4786],
  ])('inference engine with %i users on %i slots', (users, slots, perSecond, turnMs) => {
    const engine = { stepMs: 20, decodeMs: 1, prefillMs: 0, slots }
    const workload = fixtureWorkload({ model: { output: exponential(300), engine } })
    const { perSecond: x, turnMs: r } = replicate(workload, { users }, 4 * hourMs, hourMs / 2)
    expectExact(x, perSecond, 0.02)
    // Whole tokens, at least one: a mean of 300 is drawn as 300.001.
    expectExact(r, turnMs, 0.05)
  })
})

/** From the file to the interval that the summary itself prints: five of a hundred seeds would miss each. */
test('the machine repairman lies within the intervals of one summary', () => {
  const { workload } = parseWorkload(`
name: machine repairman
users: { think: exponential(mean 30s) }
scenarios: [{ name: repair, say: [broken], depth: 1 }]
agent: { workers: 5, concurrency: 1 }
model: { ttft: exponential(mean 3s), perToken: 0ms }
objectives: [turn p95 < 30s]
`)
  const window = { warmupMs: hourMs, measuredMs: 40 * hourMs }
  const { turns, latency } = simulate(workload!, { level: { users: 50 }, seed: 1, ...window })
  const [lowRate, highRate] = turns.perSecondCi95!
  expect(lowRate).toBeLessThan(1.442388)
  expect(highRate).toBeGreaterThan(1.442388)
  expect(highRate - lowRate).toBeLessThan(0.04)
  const [low, high] = latency.turnMs!.ci95!.mean!
  expect(low).toBeLessThan(4664.74)
  expect(high).toBeGreaterThan(4664.74)
  expect(high - low).toBeLessThan(200)
})

describe('open', () => {
  test('M/M/1 on one synchronous worker', () => {
    const workload = fixtureWorkload({
      agent: { workers: 1, concurrency: 1 },
      model: { ttft: exponential(1000) },
    })
    const { turnMs } = replicate(workload, { sessionsPerSecond: 0.7 }, 6 * hourMs, hourMs / 4)
    expectExact(turnMs, 1000 / (1 - 0.7), 0.1)
  })

  test('M/D/1 on the event loop of one worker', () => {
    const workload = fixtureWorkload({ agent: { workers: 1, overhead: { cpuPerCallMs: 100 } } })
    const { turnMs } = replicate(workload, { sessionsPerSecond: 6 }, hourMs, hourMs / 10)
    expectExact(turnMs, 100 + (0.6 * 100) / (2 * (1 - 0.6)), 0.02)
  })

  test('M/M/5 at a tool with five servers', () => {
    const workload = fixtureWorkload({
      scenario: { depth: constant(2) },
      tools: [{ latency: exponential(3000), capacity: 5 }],
    })
    const { turnMs } = replicate(workload, { sessionsPerSecond: 1.4 }, 4 * hourMs, hourMs / 4)
    expectExact(turnMs, 3000 + (erlangC(5, 4.2) * 3000) / (5 - 4.2), 0.1)
  })

  test('M/M/2/5: two slots, three may wait, the rest is shed', () => {
    const [servers, places, erlangs] = [2, 5, 3]
    const weights = [1]
    for (let n = 1; n <= places; n++) weights.push((weights[n - 1]! * erlangs) / Math.min(n, servers))
    const shed = weights[places]! / weights.reduce((sum, weight) => sum + weight)
    const workload = fixtureWorkload({
      agent: { workers: 2, concurrency: 1, queue: 3 },
      model: { ttft: exponential(1000) },
    })
    const { perSecond } = replicate(workload, { sessionsPerSecond: 3 }, 2 * hourMs, hourMs / 10)
    expectExact(perSecond, 3 * (1 - shed), 0.02)
  })

  test('three parallel tool calls last as long as the slowest: H₃ times the mean', () => {
    const workload = fixtureWorkload({
      scenario: { depth: constant(2) },
      tools: [{ latency: exponential(1000), fanOut: constant(3) }],
    })
    const { turnMs } = replicate(workload, { sessionsPerSecond: 2 }, 1 * hourMs, 0)
    expectExact(turnMs, 1000 * (1 + 1 / 2 + 1 / 3), 0.02)
  })
})

test('Little’s law holds for slots and calls in flight', () => {
  const { simulation } = play(repairman, { users: 50 }, 10 * hourMs, 3, hourMs)
  const { meter, agent } = simulation
  const { perSecond } = meter.turnCounts()
  const toMs = meter.window.toMs
  const [queueMs, , , , modelMs] = [...meter.partMs].map((ms) => ms / meter.partTurns)
  expect(meter.callsInFlight.mean(toMs) / ((perSecond * modelMs!) / 1000)).toBeCloseTo(1, 3)
  expect(agent.workers.busy.mean(toMs)).toBe(meter.callsInFlight.mean(toMs))
  expect(queueMs! + modelMs!).toBeGreaterThan(4000)
})
