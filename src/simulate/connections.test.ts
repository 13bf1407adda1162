import { expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { play } from './fixture-play.ts'

const source = (agent: string): string => `
users: { think: exponential(mean 30s) }
agent: { ${agent} }
model: { ttft: exponential(mean 3s) }
`

test('five connections are five repairmen: the turns end as they would with five slots', () => {
  const pool = play(
    read(source('workers: 1, concurrency: 100, connections: { model: 5 }')),
    { users: 60 },
    600_000,
  )
  const slots = play(read(source('workers: 5, concurrency: 1')), { users: 60 }, 600_000)
  expect(pool.turns.map(({ endedAtMs }) => endedAtMs)).toEqual(slots.turns.map(({ endedAtMs }) => endedAtMs))
  const { meter, agent } = pool.simulation
  expect(agent.models.connections!.busy.mean(600_000)).toBeCloseTo(
    slots.simulation.agent.workers.busy.mean(600_000),
    9,
  )
  // The wait is told as the connections', not as the model's.
  expect(meter.partMs[7]).toBeCloseTo(slots.simulation.meter.partMs[0]!, 3)
})

test('calls of one step share the connections of their worker, and who gave up is passed over', () => {
  const { calls } = play(
    read(`
users: { think: 60s, patience: 1700ms }
scenarios: [{ depth: 2, tools: [lookup] }]
agent: { workers: 1, concurrency: 1, connections: { tools: 2 } }
tools: { lookup: { latency: 500ms, fanOut: 8 } }
`),
    { users: 1 },
    60_000,
  )
  const tools = calls.filter(({ kind }) => kind === 'tool').slice(0, 8)
  const from = tools[0]!.sentAtMs
  const seen = tools.map(({ sentAtMs, outcome }) => [Math.round(sentAtMs - from), outcome])
  const two = <T>(what: T): T[] => [what, what]
  expect(seen).toEqual([
    ...two([0, 'completed']),
    ...two([500, 'completed']),
    ...two([1000, 'completed']),
    ...two([1500, 'abandoned']),
  ])
})
