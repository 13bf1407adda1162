import { expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { leavesOut } from './leaves-out.ts'
import { plan, planCapacity } from './plan.ts'
import { planned } from './planned-workload.ts'

const source = (agent: string, more = 'model: { ttft: exponential(mean 3s) }'): string => `
users: { think: exponential(mean 30s) }
agent: { concurrency: 1, ${agent} }
${more}
objectives: [turn p95 < 10s]
`

test('servers behind one line are one server with as many workers, exactly', () => {
  const three = read(source('workers: 2, servers: 3'))
  const one = read(source('workers: 6'))
  const [a, b] = [plan(three, { users: 60 }), plan(one, { users: 60 })]
  expect(a.latency).toEqual(b.latency)
  expect(a.approximate).toBe(false)
  expect(planCapacity(three).level).toEqual(planCapacity(one).level)
  expect(leavesOut(three)).toEqual([])
})

test('a state store without a limit is a wait', () => {
  const store = plan(read(source('workers: 6, state: { latency: 200ms }')), { users: 20 })
  const wait = plan(read(source('workers: 6, overhead: { state: 200ms }')), { users: 20 })
  expect(store.latency).toEqual(wait.latency)
})

test('a sub-agent takes as long as its loop', () => {
  const tools = `
scenarios: [{ depth: 2, tools: [helper] }]
tools: { helper: { subagent: { depth: 3, tools: [leaf] } }, leaf: { latency: 100ms } }
model: { ttft: 1s }`
  const { latency } = plan(read(source('workers: 100', tools)), { users: 1 })
  // Two calls of the root, three of the sub-agent, and two of its tool.
  expect(latency.turnMs!.mean).toBeCloseTo(5200, 0)
})

test('given its own answer it answers the same', () => {
  const workload = planned(read(source('workers: 2, servers: 3')))
  expect(planned(workload)).toBe(workload)
  expect(planned({ ...workload }).agent.workers).toBe(6)
})

test('what the algebra does not follow is said, each in a sentence', () => {
  const all = read(`
scenarios: [{ model: { main: 50%, backup: 50% }, priority: 1, tools: [helper], depth: 2 }]
models: { main: { fallback: { to: backup } }, backup: { } }
tools: { helper: { subagent: { } } }
agent:
  workers: 1
  concurrency: 1
  queue: 1
  breakers: { failures: 50%, calls: 5, openFor: 1s }
  limits: { call: 1s, tool: 1s }
  connections: { model: 1 }
  state: { capacity: 1 }
  admission: { order: priority }
  degrade: [{ above: 50%, steps: 1 }]
  scale: { from: 1, to: 3, above: 70%, below: 30%, every: 15s }
  failures: { every: 1h, down: 1m }
`)
  const said = leavesOut(all)
  expect(said).toHaveLength(12)
  expect(said.every((sentence) => /^[a-zA-Z.]+: plan .+; simulate follows it\.$/.test(sentence))).toBe(true)
  expect(plan(all, { users: 2 }).approximate).toBe(true)
})
