import { expect, test } from 'vitest'
import { constant, exponential, lognormal, uniform } from '../stats/distributions.ts'
import type { Tool, Workload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import { isExact } from './exactness.ts'
import { explain } from './explain.ts'
import { type FixtureParts, fixtureWorkload } from './fixture-workload.ts'
import { plan } from './plan-level.ts'

const tool = (capacity: number): Tool => ({
  name: 'orders',
  latency: lognormal(200, 1),
  capacity,
  failure: 0,
  fanOut: constant(2),
  arguments: {},
})
/** Fixture's parts; whole lists replace its one scenario and model. */
type Parts = FixtureParts & Partial<Pick<Workload, 'scenarios' | 'models'>>

const free = { workers: Infinity }
const think = exponential(30_000)
const overhead = { promptMs: constant(0), stateMs: constant(0), cpuPerCallMs: 0, cpuPerTokenMs: 0 }
const twoScenarios = (other: number): Parts => {
  const [scenario] = fixtureWorkload().scenarios
  const [model] = fixtureWorkload().models
  return {
    scenarios: [
      { ...scenario!, share: 0.5 },
      { ...scenario!, name: 'other', share: 0.5, model: 1 },
    ],
    models: [model!, { ...model!, key: 'other', ttft: exponential(other) }],
  }
}

test.each<[what: string, exact: boolean, parts: Parts]>([
  ['exponential turns before slots: the machine repairman', true, {}],
  ['the same with any think time', true, { users: { think: uniform(1000, 90_000), peak: {} } }],
  ['the same with a short queue', true, { agent: { queue: 3 } }],
  ['two scenarios with turns of one mean', true, twoScenarios(3000)],
  ['two scenarios with turns of two means', false, twoScenarios(4000)],
  ['constant turns before slots', false, { model: { ttft: constant(3000) } }],
  [
    'lognormal turns before slots, of the variance of exponential ones',
    false,
    { model: { ttft: lognormal(3000, 1) } },
  ],
  ['exponential calls, several a turn, before slots', false, { scenario: { depth: constant(3) } }],
  ['a prompt to build besides', false, { agent: { overhead: { ...overhead, promptMs: constant(500) } } }],
  ['a stream besides', false, { model: { output: constant(50), perToken: constant(20) } }],
  [
    'lognormal turns, a slot for every user',
    true,
    { agent: { workers: 50 }, model: { ttft: lognormal(3000, 2) } },
  ],
  ['a slot too few', false, { agent: { workers: 49 }, model: { ttft: lognormal(3000, 2) } }],
  ['no limit of slots', true, { agent: free, scenario: { depth: uniform(1, 5), output: lognormal(90, 1) } }],
  [
    'tools without a limit',
    true,
    { agent: free, scenario: { tools: [0], depth: constant(3) }, tools: [tool(Infinity)] },
  ],
  [
    'a tool that may queue',
    false,
    { agent: free, scenario: { tools: [0], depth: constant(3) }, tools: [tool(40)] },
  ],
  ['a tool that may queue but is never called', true, { agent: free, tools: [tool(40)] }],
  ['work on the event loop', false, { agent: { ...free, overhead: { ...overhead, cpuPerCallMs: 1 } } }],
  ['a time limit of turns', false, { agent: { limits: { turnMs: 60_000, steps: Infinity } } }],
  ['a quota', false, { model: { quota: { requestsPerMinute: 1e6, tokensPerMinute: Infinity } } }],
  ['an engine', false, { model: { engine: { stepMs: 10, decodeMs: 1, prefillMs: 0, slots: 8 } } }],
  [
    'users who give up',
    false,
    // oxlint-disable-next-line unicorn/no-thenable -- the file's own word
    { users: { think, peak: {}, patience: { of: 'turn', after: constant(60_000), then: 'continue' } } },
  ],
])('%s: exact is %s, and plan and explain say so', (_, exact, parts) => {
  const workload = fixtureWorkload(parts)
  const level = { users: 50 }
  expect(isExact(workload, demandOf(workload), level)).toBe(exact)
  expect(plan(workload, level).approximate).toBe(!exact)
  expect(explain(workload, level).find(({ figure }) => figure === 'turns/s')!.exact).toBe(exact)
})

test('of open load any number may be there at once: slots are exact for exponential turns only', () => {
  const level = { sessionsPerSecond: 1 }
  const of = (parts: FixtureParts): boolean => plan(fixtureWorkload(parts), level).approximate === false
  expect(of({})).toBe(true)
  expect(of({ agent: { workers: 10_000 }, model: { ttft: constant(3000) } })).toBe(false)
  expect(of({ agent: free, model: { ttft: constant(3000) } })).toBe(true)
})
