import { expect, test } from 'vitest'
import { fleetFor } from '../result/fleet/fleet-for.ts'
import { headline } from '../result/verdict/headline.ts'
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

const priced =
  'model: { ttft: exponential(mean 3s), output: 10, perToken: 0, price: { input: $1, output: $1 } }'

test('servers behind one line are one server with as many workers, exactly', () => {
  const three = read(source('workers: 2, servers: 3'))
  const one = read(source('workers: 6'))
  const [a, b] = [plan(three, { users: 60 }), plan(one, { users: 60 })]
  expect(a.latency).toEqual(b.latency)
  expect(a.approximate).toBe(false)
  expect(planCapacity(three).level).toEqual(planCapacity(one).level)
  expect(leavesOut(three)).toEqual([])
})

test('a shopping list counts servers, not copies of the fleet of the file; each has its price', () => {
  const of = (servers: number) => {
    const workload = read(source(`workers: 2, servers: ${servers}, server: { perMonth: $100 }`, priced))
    const capacity = planCapacity(workload)
    return { workload, capacity, fleet: fleetFor(workload, capacity, 1000)! }
  }
  const [one, three] = [of(1), of(3)]
  expect(three.capacity.level).not.toEqual(one.capacity.level)
  // Three behind one line carry a little more each than one alone: fewer are needed, but not a third.
  const each = three.capacity.runAt / 3
  expect(three.fleet.servers).toEqual({
    atPeak: Math.ceil(1000 / each),
    spare: 1,
    total: Math.ceil(1000 / each) + 1,
    usersEach: each,
  })
  expect(three.fleet.servers.total).toBeGreaterThan(one.fleet.servers.total / 2)
  expect(three.fleet.workers).toBe(three.fleet.servers.total * 2)
  expect(three.fleet.money.serversUsd).toBe(three.fleet.servers.total * 100)
  expect(plan(three.workload, { users: 0 }).cost!.perMonthUsd).toBe(300)
  expect(headline(three.workload, three.capacity)).toContain(
    `${three.capacity.runAt} users on its 3 servers;`,
  )
  expect(headline(one.workload, one.capacity)).toContain(`${one.capacity.runAt} users per server;`)
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
