import { expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { play } from './fixture-play.ts'
import { simulate } from './simulate.ts'

const source = (more = '', subagent = 'depth: 2, model: small, tools: [search]') => `
users: { think: 60s }
scenarios: [{ depth: 2, tools: [research], model: main }]
agent: { ${more} }
models:
  main: { ttft: 1s }
  small: { ttft: 300ms, input: { system: 100, message: 20, toolResult: 30 }, output: 10 }
tools:
  research: { fanOut: 3, subagent: { ${subagent} } }
  search: { latency: 200ms, fanOut: 2 }
`

test('three at once, each a loop of its own, and the root waits for the last', () => {
  const { turns, calls } = play(read(source()), { users: 1 }, 70_000)
  const from = calls[0]!.sentAtMs
  const seen = calls
    .slice(0, 17)
    .map(({ kind, service, step, sentAtMs, endedAtMs, inputTokens }) => [
      kind,
      service,
      step,
      Math.round(sentAtMs - from),
      Math.round(endedAtMs - from),
      inputTokens,
    ])
  const three = <T>(what: T): T[] => [what, what, what]
  expect(seen).toEqual([
    ['model', 0, 1, 0, 1000, 0],
    ...three(['model', 1, 0, 1000, 1300, 120]),
    ...three(['tool', 1, 0, 1300, 1500, 0]),
    ...three(['tool', 1, 0, 1300, 1500, 0]),
    // The second call of each carries the answer of the first and two results.
    ...Array.from({ length: 3 }, () => [
      ['model', 1, 0, 1500, 1800, 190],
      ['tool', 0, 1, 1000, 1800, 0],
    ]).flat(),
    ['model', 0, 2, 1800, 2800, 1],
  ])
  expect(Math.round(turns[0]!.endedAtMs - turns[0]!.sentAtMs)).toBe(2800)
})

test('their calls are calls of the turn; the depth stays the root’s', () => {
  const { calls } = simulate(read(source()), {
    level: { users: 5 },
    seed: 1,
    warmupMs: 0,
    measuredMs: 600_000,
  })
  expect(calls!.perTurn!.mean).toBe(8)
  expect(calls!.depth).toEqual({ intended: 2, observed: 2, cut: 0, beside: 6 })
})

test('a turn that is given up takes its sub-agents with it', () => {
  const { turns, calls, simulation } = play(read(source('limits: { turn: 1400ms }')), { users: 3 }, 300_000)
  expect(turns.length).toBeGreaterThan(5)
  expect(turns.every(({ errorKind }) => errorKind === 'timeout')).toBe(true)
  const cut = calls.filter(({ outcome }) => outcome === 'abandoned')
  // Two searches for each of three sub-agents, and the three themselves.
  expect(cut).toHaveLength(9 * turns.length)
  expect(simulation.meter.callsInFlight.level).toBe(0)
})

test('one that the model refuses is a tool that failed: the root goes on', () => {
  const refusing = source().replace('small: {', 'small: { quota: { rpm: 1 },')
  const { turns, calls } = play(read(refusing), { users: 1 }, 50_000)
  expect(calls.filter(({ kind }) => kind === 'tool')).toMatchObject(
    Array.from({ length: 3 }, () => ({ service: 0, outcome: 'failed', errorKind: 'http_5xx' })),
  )
  expect(turns.map(({ outcome }) => outcome)).toEqual(['completed'])
})

test('sub-agents of sub-agents, and a limit on tools ends them', () => {
  const nested = `
scenarios: [{ depth: 2, tools: [outer] }]
agent: { limits: { tool: 1s } }
model: { ttft: 400ms }
tools:
  outer: { subagent: { depth: 2, tools: [inner] } }
  inner: { subagent: { depth: 3, tools: [leaf] } }
  leaf: { latency: 10ms }
`
  const { turns, calls } = play(read(nested), { users: 1 }, 1_900)
  // outer: 400 ms, then inner, which would take 1,220 ms; outer has one second in all.
  expect(
    calls.filter(({ kind }) => kind === 'tool').map(({ service, outcome }) => [service, outcome]),
  ).toEqual([
    [2, 'completed'],
    [1, 'abandoned'],
    [0, 'failed'],
  ])
  expect(turns[0]).toMatchObject({ outcome: 'completed', endedAtMs: 1800 })
})

test('event loops and connections are those of the turn’s worker', () => {
  const { calls, simulation } = play(
    read(source('workers: 1, concurrency: 1, connections: { model: 1 }', 'depth: 1, model: small')),
    { users: 1 },
    70_000,
  )
  const from = calls[0]!.sentAtMs
  const sent = calls
    .filter(({ kind, service }) => kind === 'model' && service === 1)
    .map(({ sentAtMs }) => Math.round(sentAtMs - from))
  expect(sent.slice(0, 3)).toEqual([1000, 1300, 1600])
  expect(simulation.agent.models.connections!.busy.max).toBe(1)
})

test('a sub-agent holds no connection: however few there are, the calls of its own loop find one', () => {
  const { turns, simulation } = play(
    read(source('workers: 1, concurrency: 9, connections: { tools: 1 }')),
    { users: 5 },
    600_000,
  )
  const { completed, inFlightAtEnd } = simulation.meter.turnCounts()
  expect(completed).toBe(turns.length)
  expect(completed).toBeGreaterThan(30)
  expect(inFlightAtEnd).toBeLessThan(5)
  expect(simulation.agent.tools.connections!.busy.max).toBe(1)
})

test('what a turn that is given up gives back is not for its own sub-agents', () => {
  const { turns, calls, simulation } = play(
    read(`
users: { think: 60s }
scenarios: [{ depth: 2, tools: [research, reading] }]
agent: { workers: 1, concurrency: 1, connections: { model: 1, tools: 1 }, limits: { turn: 3500ms } }
model: { ttft: 1s, quota: { rpm: 6000 } }
tools:
  research: { fanOut: 3, subagent: { depth: 2 } }
  reading: { fanOut: 3, subagent: { depth: 2, tools: [page] } }
  page: { latency: 200ms, fanOut: 2 }
`),
    { users: 3 },
    600_000,
  )
  expect(turns.length).toBeGreaterThan(20)
  expect(turns.every(({ errorKind }) => errorKind === 'timeout')).toBe(true)
  // A call for which there was no connection never left, and no quota knows of it.
  expect(calls.filter(({ sentAtMs, endedAtMs }) => sentAtMs === endedAtMs)).toEqual([])
  const { models, tools } = simulation.agent
  expect([models.connections!.busy.level, tools.connections!.busy.level]).toEqual([0, 0])
})
