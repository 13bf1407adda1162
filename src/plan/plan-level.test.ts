import { describe, expect, it, test } from 'vitest'
import { constant, exponential, lognormal } from '../stats/distributions.ts'
import { read } from '../workload/fixture-read.ts'
import type { Workload } from '../workload/workload.ts'
import { fixtureWorkload } from './fixture-workload.ts'
import { closedResponsePercentile } from './formulas/closed-response-percentile.ts'
import { planCapacity } from './plan-capacity.ts'
import { plan } from './plan-level.ts'

/** Weights w(n) = w(n − 1) × ((N − n + 1) ÷ think) ÷ (min(n, servers) ÷ service) of n users at the station. */
function repairmanByRecursion(users: number, servers: number, thinkMs: number, serviceMs: number) {
  const weights = [1]
  for (let n = 1; n <= users; n++)
    weights.push((weights[n - 1]! * (users - n + 1) * serviceMs) / (thinkMs * Math.min(n, servers)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = (value: (n: number) => number): number =>
    weights.reduce((sum, weight, n) => sum + (weight / total) * value(n), 0)
  const perSecond = (mean((n) => Math.min(n, servers)) / serviceMs) * 1000
  return { perSecond, turnMs: (mean((n) => n) / perSecond) * 1000 }
}

test.each([{ users: NaN }, { users: -1 }, { sessionsPerSecond: Infinity }])(
  '%j cannot be solved, and is not no load',
  (level) => {
    expect(() => plan(fixtureWorkload(), level)).toThrow(/plan: a load of (NaN|-1|Infinity) cannot be solved/)
  },
)

test('calls in flight are those of each model for as long as its own take, also where sub-agents have another', () => {
  const workload = read(`
users: { think: exponential(mean 5m) }
scenarios: [{ name: deep, depth: 6, tools: [helper] }]
models:
  main: { output: 800, ttft: 2s, perToken: 20ms }
  small: { output: 301, ttft: 1s, perToken: 10ms }
tools: { helper: { fanOut: 3, subagent: { depth: 4, model: small, tools: [] } } }
`)
  const { turns, calls } = plan(workload, { users: 60 })
  const msInTurn = 6 * (2000 + 799 * 20) + 5 * 3 * 4 * (1000 + 300 * 10)
  expect(calls!.perSecond! / turns.perSecond).toBeCloseTo(6 + 5 * 3 * 4, 9)
  expect(calls!.inFlight!.mean).toBeCloseTo((turns.perSecond * msInTurn) / 1000, 9)
})

test.each([{ model: { ttft: '1s' } }, 'file.yaml', undefined])('%j is no workload, and told so', (wrong) => {
  for (const answer of [(each: Workload) => plan(each, { users: 1 }), planCapacity])
    expect(() => answer(wrong as unknown as Workload)).toThrow('plan: this is no workload: defineWorkload(')
})

describe('the machine repairman: 5 workers, 3 s of work, 30 s of thinking, both exponential', () => {
  test('the published row: 50 users, 1.442388 turns a second, 4.6647 s', () => {
    const { turns, latency, approximate } = plan(fixtureWorkload(), { users: 50 })
    expect(turns.perSecond).toBeCloseTo(1.442388, 6)
    expect(latency.turnMs!.mean / 1000).toBeCloseTo(4.664738, 6)
    expect(approximate).toBe(false)
  })

  test.each([10, 50, 70, 120])('%i users: means by the recursion', (users) => {
    const { turns, latency } = plan(fixtureWorkload(), { users })
    const exact = repairmanByRecursion(users, 5, 30_000, 3000)
    expect(turns.perSecond / exact.perSecond).toBeCloseTo(1, 9)
    expect(latency.turnMs!.mean / exact.turnMs).toBeCloseTo(1, 9)
    // One token: the first is the last.
    expect(latency.ttftMs!.mean / exact.turnMs).toBeCloseTo(1, 9)
    expect(latency.interTokenMs!.mean).toBe(0)
  })

  test.each([50, 70, 120])('%i users: percentiles off the grid within 0.2 %%', (users) => {
    const { turnMs } = plan(fixtureWorkload(), { users }).latency
    const model = { population: users, think: 30_000, servers: 5, service: 3000 }
    expect(Math.abs(turnMs!.p50 / closedResponsePercentile(model, 0.5) - 1)).toBeLessThan(0.002)
    expect(Math.abs(turnMs!.p95 / closedResponsePercentile(model, 0.95) - 1)).toBeLessThan(0.002)
  })
})

test('a retry is a try after a refusal: as many as the agent makes, none where it makes none', () => {
  const refused = (attempts: number) =>
    plan(
      read(`model: { quota: { rpm: 60 } }\nagent: { retries: { attempts: ${attempts}, backoff: 500ms } }`),
      {
        sessionsPerSecond: 2,
      },
    )
  expect(refused(0).calls!.retriesPerTurn).toBe(0)
  const twice = refused(1)
  // Refused p, then again p: p retries a turn, and p² of turns without an answer.
  expect(twice.errors!.rate).toBeGreaterThan(0.3)
  expect(twice.calls!.retriesPerTurn).toBeCloseTo(Math.sqrt(twice.errors!.rate), 9)
})

it('takes an objective of the mean from the algebra', () => {
  const workload = fixtureWorkload({
    objectives: [{ text: 'turn mean < 5s', metric: 'turn', statistic: { kind: 'mean' }, limit: 5000 }],
  })
  const { objectives } = plan(workload, { users: 50 })
  expect(objectives[0]!.value! / repairmanByRecursion(50, 5, 30_000, 3000).turnMs).toBeCloseTo(1, 9)
})

it('adds the means of the parts: the last stream and the saving of state follow the first token', () => {
  const workload = fixtureWorkload({
    agent: {
      workers: 1000,
      overhead: { promptMs: constant(40), stateMs: lognormal(20, 0.5), cpuPerCallMs: 0, cpuPerTokenMs: 0 },
    },
    model: { ttft: exponential(500), perToken: constant(10) },
    scenario: { depth: constant(3), output: constant(51) },
  })
  const { latency } = plan(workload, { users: 10 })
  const loop = 3 * (500 + 50 * 10)
  expect(latency.turnMs!.mean).toBeCloseTo(20 + 40 + loop + 20, 6)
  expect(latency.ttftMs!.mean).toBeCloseTo(20 + 40 + loop - 50 * 10, 6)
  expect(latency.interTokenMs!.mean).toBeCloseTo(10, 9)
})

test('what transforms are kept with a distribution does not leak between workloads that share it', () => {
  const make = (output = lognormal(100, 0.5), latency = exponential(200), ttft = exponential(500)) => {
    const tool = { name: 'look', latency, capacity: Infinity, failure: 0, arguments: {} }
    const changes = [
      { perToken: constant(10) },
      { perToken: constant(20) },
      { perToken: lognormal(20, 0.5) },
      { perToken: constant(10), maxTokens: 80 },
    ]
    return changes.flatMap((model) =>
      [constant(1), constant(4)].map((fanOut) =>
        fixtureWorkload({
          agent: { workers: 50 },
          model: { ttft, output, ...model },
          scenario: { depth: constant(3), tools: [0] },
          tools: [{ ...tool, fanOut }],
        }),
      ),
    )
  }
  const told = (workload: ReturnType<typeof make>[number]) => plan(workload, { users: 60 }).latency
  const shared = make().map(told)
  // Every workload again, now of distributions of its own.
  shared.forEach((latency, i) => expect(told(make()[i]!)).toEqual(latency))
  expect(new Set(shared.map(({ turnMs }) => turnMs!.p95)).size).toBe(shared.length)
})
