import { describe, expect, test } from 'vitest'
import { cobham } from '../plan/formulas/cobham.ts'
import { read } from '../workload/fixture-read.ts'
import { estimate, play } from './fixture-play.ts'
import { simulate } from './simulate.ts'
import { Simulation } from './simulation.ts'

const mixed = (admission: string): string => `
scenarios:
  - { name: background, weight: 1, model: slow }
  - { name: urgent, weight: 2, priority: 1, model: fast }
models:
  slow: { ttft: exponential(mean 2s) }
  fast: { ttft: uniform(0s 1s) }
agent: { workers: 1, concurrency: 1, admission: { ${admission} } }
`

/** Mean wait in the line, of each scenario, from ten replications. */
function waits(source: string, sessionsPerSecond: number) {
  const workload = read(source)
  const [warmupMs, measuredMs] = [500_000, 20_000_000]
  const means: number[][] = workload.scenarios.map(() => [])
  for (let seed = 1; seed <= 10; seed++) {
    const sum = workload.scenarios.map(() => ({ waitMs: 0, turns: 0 }))
    const served = new Map<number, number>()
    const options = { level: { sessionsPerSecond }, seed, warmupMs, measuredMs }
    new Simulation(workload, options, (record) => {
      if (record.kind === 'model') served.set(record.session, record.sentAtMs)
      else if (record.kind === 'turn' && record.sentAtMs >= warmupMs) {
        sum[record.scenario]!.waitMs += served.get(record.session)! - record.sentAtMs
        sum[record.scenario]!.turns++
      }
      if (record.kind === 'turn') served.delete(record.session)
    }).run()
    for (const [i, { waitMs, turns }] of sum.entries()) means[i]!.push(waitMs / turns)
  }
  return means.map(estimate)
}

describe('who goes first', () => {
  const classes = [
    { arrival: 0.4, service: 0.5, serviceScv: 1 / 3 },
    { arrival: 0.2, service: 2, serviceScv: 1 },
  ]

  test('priority keeps to Cobham’s exact waits, urgent and not', () => {
    const [background, urgent] = waits(mixed('order: priority'), 0.6)
    const [high, low] = cobham(classes)
    expect(Math.abs(urgent!.mean - high! * 1000)).toBeLessThan(urgent!.within)
    expect(Math.abs(background!.mean - low! * 1000)).toBeLessThan(background!.within)
    // The intervals are narrow enough to tell them from first come, first served.
    expect(background!.mean - urgent!.mean).toBeGreaterThan(3 * (background!.within + urgent!.within))
  })

  test('last come, first served waits as long in the mean, for everybody', () => {
    // Pollaczek and Khinchine: the mean wait does not depend on an order that does not look at the work.
    const meanMs = (0.4 * 0.25 * (4 / 3) + 0.2 * 4 * 2) / 2 / (1 - 0.6)
    for (const order of ['order: lifo', 'order: fifo'])
      for (const { mean, within } of waits(mixed(order), 0.6))
        expect(Math.abs(mean - meanMs * 1000)).toBeLessThan(within)
  })
})

describe('who is shed', () => {
  const source = (shed: string): string => `
users: { think: 100ms }
scenarios:
  - { name: background, weight: 1 }
  - { name: urgent, weight: 1, priority: 1 }
model: { ttft: 1s }
agent: { workers: 1, concurrency: 1, queue: 2, admission: { order: priority, shed: ${shed} } }
`
  const rejected = (shed: string): number[] => {
    const { turns } = play(read(source(shed)), { users: 8 }, 300_000)
    return [0, 1].map((which) => {
      const of = turns.filter(({ scenario }) => scenario === which)
      return of.filter(({ outcome }) => outcome === 'rejected').length / of.length
    })
  }

  test('the lowest makes room for the urgent; the newest does not ask', () => {
    const [newest, lowest] = [rejected('newest'), rejected('lowest')]
    expect(lowest[1]!).toBeLessThan(newest[1]!)
    expect(lowest[0]!).toBeGreaterThan(newest[0]!)
  })

  test('who made room is told as shed, and counted', () => {
    const { turns, simulation } = play(read(source('lowest')), { users: 8 }, 300_000)
    const waited = turns.filter(
      ({ outcome, endedAtMs, sentAtMs }) => outcome === 'rejected' && endedAtMs > sentAtMs,
    )
    expect(waited.length).toBe(simulation.counts.displaced)
    expect(waited.length).toBeGreaterThan(0)
    expect(waited.every(({ scenario, errorKind }) => scenario === 0 && errorKind === 'overloaded')).toBe(true)
  })
})

test('degradation: above the share of slots, turns of low priority get a shorter loop', () => {
  const { calls, turns, simulation } = play(
    read(`
users: { think: 1s }
scenarios:
  - { name: background, depth: 5 }
  - { name: urgent, depth: 5, priority: 1 }
model: { ttft: 1s }
agent:
  workers: 1
  concurrency: 10
  admission: { order: priority }
  degrade: [{ above: 50%, steps: 2, below: 1 }, { above: 90%, steps: 1, below: 1 }]
`),
    { users: 10 },
    100_000,
  )
  const steps = (which: number): Set<number> => {
    const mine = turns.filter(({ scenario }) => scenario === which)
    return new Set(
      mine.map(
        ({ session, turn }) => calls.filter((call) => call.session === session && call.turn === turn).length,
      ),
    )
  }
  expect(steps(1)).toEqual(new Set([5]))
  expect([...steps(0)].sort()).toEqual([1, 2, 5])
  expect(simulation.counts.degraded).toBeGreaterThan(0)
})

test.each([
  ['49%', 1],
  ['50%', 2],
])('degradation above %s: of one turn on two slots, %d steps', (above, steps) => {
  const { calls, turns } = play(
    read(`
users: { think: 1s }
scenarios: [{ depth: 2 }]
model: { ttft: 1s }
agent: { workers: 1, concurrency: 2, degrade: [{ above: ${above}, steps: 1 }] }
`),
    { users: 1 },
    100_000,
  )
  expect(calls.filter(({ session }) => session === turns[0]!.session)).toHaveLength(steps)
})

test('a loop that was made shorter answers at the pace of its own last step', () => {
  const { latency, turns } = simulate(
    read(`
users: { think: 1s }
scenarios: [{ depth: 4 }]
agent: { workers: 1, concurrency: 10, degrade: [{ above: 0%, steps: 2 }] }
model: { ttft: 1s, perToken: 50ms, output: 11 }
`),
    { level: { users: 1 }, seed: 1, warmupMs: 0, measuredMs: 100_000 },
  )
  expect(latency.interTokenMs).toMatchObject({ mean: 50, count: 10 * turns.completed! })
})

describe('the state store', () => {
  test('its operations wait for one another, and the wait is the state’s', () => {
    const { turns, simulation } = play(
      read(`
users: { think: 1s }
agent: { state: { latency: 500ms, capacity: 1 } }
`),
      { users: 20 },
      100_000,
    )
    // One operation at a time, two a turn: no more than one turn a second, with all twenty users in line.
    expect(turns.length).toBeGreaterThan(95)
    expect(turns.length).toBeLessThanOrEqual(100)
    expect(simulation.agent.store!.busy.mean(100_000)).toBeGreaterThan(0.98)
    const [stateMs, otherMs] = [simulation.meter.partMs[2]!, simulation.meter.partMs[4]!]
    expect([stateMs > 15_000 * turns.length, otherMs]).toEqual([true, 0])
  })

  test('where an operation fails, the turn fails', () => {
    const { turns } = play(
      read('agent: { state: { latency: 1ms, failure: 10% } }\nusers: { think: 1s }'),
      { users: 20 },
      500_000,
    )
    const failed = turns.filter(({ errorKind }) => errorKind === 'http_5xx').length / turns.length
    // Two operations a turn; four standard deviations of some 10,000 turns.
    expect(Math.abs(failed - 0.19)).toBeLessThan(0.016)
  })
})
