import { describe, expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { play } from './fixture-play.ts'
import { simulate } from './simulate.ts'

const agentOf = (rules: string): string => `
users: { think: exponential(mean 10s) }
agent: { concurrency: 2, ${rules} }
model: { ttft: exponential(mean 4s) }
`

test('N servers behind a balancer are one with N times the workers, to the byte', () => {
  const one = play(read(agentOf('workers: 6, queue: 6')), { users: 60 }, 600_000)
  const three = play(read(agentOf('workers: 2, servers: 3, queue: 2')), { users: 60 }, 600_000)
  expect(three.records).toEqual(one.records)
})

describe('scaling', () => {
  const scale = (more = '') =>
    `workers: 1, scale: { from: 1, to: 4, startup: 45s, above: 70%, below: 30%, every: 15s } ${more}`

  test('one more at each look above, ready after its start-up, and no more than the most', () => {
    const { simulation, calls } = play(read(agentOf(scale())), { users: 60 }, 200_000)
    // Everybody is there from the start: looks at 15, 30 and 45 s start three servers, up at 60, 75 and 90 s.
    const inFlight = (atMs: number): number =>
      calls.filter((call) => call.sentAtMs <= atMs && call.endedAtMs > atMs).length
    expect([50, 65, 80, 95, 150].map((second) => inFlight(second * 1000))).toEqual([2, 4, 6, 8, 8])
    expect(simulation.counts.serversStarted).toBe(3)
    expect(simulation.agent.servers.paid.max).toBe(4)
  })

  test('a server that has just come has not been idle since the last look', () => {
    // One server is full until the second one is up, at 60 s as the next look is; half of two would be below.
    const rule = scale().replace('from: 1, to: 4', 'from: 1, to: 2').replace('below: 30%', 'below: 55%')
    const { simulation } = play(read(agentOf(rule)), { users: 60 }, 74_000)
    expect(simulation.agent.servers.up).toBe(2)
    expect(simulation.counts.serversStopped).toBe(0)
  })

  test('when the load is gone, servers finish their turns and stop, down to the fewest', () => {
    const day = Array.from({ length: 24 }, (_, hour) => (hour < 2 ? '100%' : '1%')).join(', ')
    const { simulation, turns } = play(
      read(agentOf(scale()).replace('think:', `peak: { day: [${day}] }, think:`)),
      { sessionsPerSecond: 1.5 },
      4 * 3_600_000,
    )
    const { servers, workers } = simulation.agent
    expect([servers.up, servers.paid.max, workers.slots.level]).toEqual([1, 4, 2])
    expect(simulation.counts.serversStopped).toBeGreaterThanOrEqual(3)
    // Whoever was there when a server stopped got an answer.
    expect(turns.every(({ outcome }) => outcome === 'completed')).toBe(true)
  })
})

test('turns on servers that are to stop are none of the load that is looked at, and their slots are there as long', () => {
  const day = Array.from({ length: 24 }, (_, hour) => (hour < 1 ? '100%' : '1%')).join(', ')
  const { services, rules } = simulate(
    read(`
users: { peak: { day: [${day}] } }
agent:
  workers: 1
  concurrency: 10
  connections: { model: 10 }
  scale: { from: 1, to: 4, above: 70%, below: 60%, every: 15s }
model: { ttft: exponential(mean 20m) }
`),
    { level: { sessionsPerSecond: 0.03 }, seed: 1, warmupMs: 3_600_000, measuredMs: 3_600_000 },
  )
  const [slots, connections] = services!
  for (const { utilisation } of [slots!, connections!]) expect(utilisation).toBeLessThanOrEqual(1)
  // A turn holds both; a server that stops has a connection for each slot that is no more.
  expect(connections!.limit).toBeGreaterThan(slots!.limit)
  // The load is gone: three servers stop one after the other, and none is asked for.
  expect(rules!.slice(0, 2)).toEqual([
    { rule: 'servers started', count: 0 },
    { rule: 'servers stopped', count: 3 },
  ])
})

describe('failures', () => {
  test('a server is up for its share of the time, and its turns fail with it', () => {
    const { simulation, turns } = play(
      read(agentOf('workers: 1, failures: { every: exponential(mean 100s), down: exponential(mean 50s) }')),
      { users: 1 },
      40_000_000,
    )
    // An alternating renewal process is up 100 ÷ 150 of the time; over 267 cycles the share has a standard error of
    // 2/3 × 1/3 × √2 ÷ √267, and four of them miss once in 16,000 choices of the seed.
    const up = simulation.agent.workers.slots.mean(40_000_000) / 2
    expect(Math.abs(up - 2 / 3)).toBeLessThan((4 * 0.222 * Math.SQRT2) / Math.sqrt(267))
    const kinds = (kind: string): number => turns.filter(({ errorKind }) => errorKind === kind).length
    expect(kinds('cut')).toBeGreaterThan(20)
    expect(kinds('connect')).toBeGreaterThan(20)
    expect(kinds('cut') + kinds('connect') + kinds('none')).toBe(turns.length)
  })

  test('who waits for a connection on a server that fails makes no call any more', () => {
    const pools = 'connections: { model: 1, tools: 2 }, failures: { every: 100s, down: 10s }'
    const { calls } = play(
      read(`
users: { think: 1s }
scenarios: [{ depth: 2, tools: [lookup] }]
agent: { workers: 1, concurrency: 20, ${pools} }
model: { ttft: 5s }
tools: { lookup: { latency: 20s, fanOut: 4 } }
`),
      { users: 20 },
      1_000_000,
    )
    const cut = calls.filter(({ outcome }) => outcome === 'abandoned')
    expect(cut.length).toBeGreaterThan(9)
    expect(calls.filter(({ sentAtMs, endedAtMs }) => sentAtMs === endedAtMs)).toEqual([])
  })

  test('without a limit of turns at once, too, a server that is back takes turns', () => {
    const { turns, simulation } = play(
      read(`
users: { think: 1s }
agent: { workers: 2, overhead: { cpuPerCall: 100ms }, failures: { every: 100s, down: 10s } }
`),
      { users: 1 },
      105_000 * 4,
    )
    const answered = turns.filter(({ outcome }) => outcome === 'completed')
    expect(new Set(answered.map(({ endedAtMs }) => Math.floor(endedAtMs / 110_000)))).toEqual(
      new Set([0, 1, 2, 3]),
    )
    // Up for 390 s of 420 s.
    expect(simulation.agent.servers.running.mean(420_000)).toBeCloseTo(390 / 420, 9)
  })

  test('breakers begin anew with the processes that they live in', () => {
    const { calls } = play(
      read(`
users: { think: 1s }
agent: { workers: 1, limits: { call: 1s }, breakers: { failures: 100%, calls: 2, openFor: 1h }, failures: { every: 100s, down: 10s } }
model: { ttft: 5s }
`),
      { users: 1 },
      500_000,
    )
    // Two calls that take too long, then none until the next start: at 0, 110, 220, 330 and 440 s.
    expect(calls.map(({ sentAtMs }) => Math.floor(sentAtMs / 110_000))).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3, 4, 4,
    ])
  })

  test('with others beside it, only the turns on it are lost', () => {
    const { simulation, turns } = play(
      read(agentOf('workers: 1, servers: 4, failures: { every: 100s, down: 10s }')),
      { users: 30 },
      1_000_000,
    )
    const failed = turns.filter(({ outcome }) => outcome === 'failed')
    expect(failed.every(({ errorKind }) => errorKind === 'cut' || errorKind === 'connect')).toBe(true)
    expect(simulation.counts.serverFailures).toBeGreaterThan(30)
    expect(failed.length).toBeLessThanOrEqual(simulation.counts.serverFailures * 30)
    expect(turns.filter(({ outcome }) => outcome === 'completed').length).toBeGreaterThan(1000)
  })
})
