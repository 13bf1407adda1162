import { expect, test } from 'vitest'
import { constant, exponential, lognormal } from '../stats/distributions.ts'
import { read } from '../workload/fixture-read.ts'
import { fixtureWorkload, repairman } from './fixture-workloads.ts'
import { simulate, simulateRunner } from './simulate.ts'

const probe = { level: { users: 20 }, seed: 3, warmupMs: 60_000, measuredMs: 600_000 }
const streaming = fixtureWorkload({
  users: { think: exponential(5000) },
  scenario: { depth: constant(2) },
  agent: { workers: 2, concurrency: 4, overhead: { cpuPerCallMs: 5, stateMs: constant(10) } },
  model: {
    ttft: lognormal(400, 0.5),
    output: constant(50),
    perToken: constant(20),
    quota: { requestsPerMinute: 6000, tokensPerMinute: Infinity },
  },
  tools: [{ name: 'orders', latency: exponential(200), capacity: 4 }],
})

// Seeds are fixed; over all of them, one in ten would miss one of the two 95 % intervals.
test('machine repairman: the truth lies in the summary’s own intervals', () => {
  const summary = simulate(repairman, {
    level: { users: 50 },
    seed: 1,
    warmupMs: 3_600_000,
    measuredMs: 36_000_000,
  })
  const [low, high] = summary.latency.turnMs!.ci95!.mean!
  expect(low).toBeLessThan(4664.737902)
  expect(high).toBeGreaterThan(4664.737902)
  expect((high - low) / 4664.737902).toBeLessThan(0.1)
  expect(summary.turns.perSecond).toBeGreaterThan(1.442387943 * 0.99)
  expect(summary.turns.perSecond).toBeLessThan(1.442387943 * 1.01)
})

test('calls a second are those of Little’s law, also where a call takes half of what is counted', () => {
  const workload = fixtureWorkload({
    users: { think: exponential(60_000) },
    scenario: { depth: constant(3) },
    model: { ttft: constant(60_000) },
    tools: [{ latency: constant(0) }],
  })
  const window = { warmupMs: 3_600_000, measuredMs: 120_000 }
  const { calls, models } = simulate(workload, { level: { users: 2000 }, seed: 1, ...window })
  // Three parts in four of the time are calls, so that 1,500 are in flight; those that were not over were left out.
  expect(calls!.inFlight!.mean / 1500).toBeCloseTo(1, 1)
  expect(calls!.perSecond! / (calls!.inFlight!.mean / 60)).toBeCloseTo(1, 1)
  expect(calls!.perSecond).toBe(models!['model']!.perSecond)
})

test('the same options give the same bytes, at once or slice by slice', async () => {
  const bytes = JSON.stringify(simulate(streaming, probe))
  expect(JSON.stringify(simulate(streaming, probe))).toBe(bytes)
  const runner = simulateRunner(streaming)
  expect(JSON.stringify(await runner(probe, new AbortController().signal))).toBe(bytes)
  expect(JSON.stringify(simulate(streaming, { ...probe, seed: 4 }))).not.toBe(bytes)
})

test('a run ends early when told to', async () => {
  const long = { ...probe, measuredMs: 1e12 }
  await expect(simulateRunner(streaming)(long, AbortSignal.timeout(20))).rejects.toThrow('timeout')
  expect(() => simulate(streaming, { ...long, signal: AbortSignal.abort(new Error('enough')) })).toThrow(
    'enough',
  )
})

test('calls in flight are also those that are not over when the run is', () => {
  const growing = read('{ users: { arrivals: even }, model: { output: 1, engine: { step: 1s, slots: 1 } } }')
  const measuredMs = 600_000
  const { calls } = simulate(growing, { level: { sessionsPerSecond: 2 }, seed: 1, warmupMs: 0, measuredMs })
  // Two a second come and one goes: one more each second, to 600.
  expect(calls!.inFlight!.mean).toBeGreaterThan(299)
  expect(calls!.inFlight!.mean).toBeLessThan(303)
})

test('says what limits there are, how much of each is in use, and which binds', () => {
  const { services, turns } = simulate(streaming, probe)
  const of = (name: string) => services!.find((service) => service.name === name)!
  expect(services!.map(({ name, limit, unit }) => `${name}: ${limit} ${unit}`)).toEqual([
    'agent slots: 8 turns',
    'event loop: 2 cores',
    'orders: 4 calls',
    'model quota, requests: 6000 requests/min',
  ])
  expect(of('event loop').utilisation).toBeCloseTo((turns.perSecond * 2 * 0.005) / 2, 2)
  expect(of('orders').utilisation).toBeCloseTo((turns.perSecond * 0.2) / 4, 1)
  expect(of('model quota, requests').utilisation).toBeCloseTo((turns.perSecond * 2) / 100, 2)
  expect(services!.filter(({ binding }) => binding).map(({ name }) => name)).toEqual(['agent slots'])
})

test('a turn’s parts add up, and tokens come at the model’s pace', () => {
  const { turnTime, latency } = simulate(streaming, probe)
  expect(turnTime!.map(({ part }) => part)).toEqual(['queue', 'state', 'cpu', 'model', 'tools'])
  expect(turnTime!.reduce((sum, { meanMs }) => sum + meanMs, 0)).toBeCloseTo(latency.turnMs!.mean, 6)
  expect(latency.interTokenMs!.mean).toBeCloseTo(20, 6)
})

test('every record goes to the sink too', () => {
  const seen = { turn: 0, model: 0, tool: 0 }
  const { turns } = simulate(streaming, { ...probe, warmupMs: 0, sink: ({ kind }) => void seen[kind]++ })
  expect(seen.turn).toBe(turns.completed)
  expect(seen.model).toBeGreaterThanOrEqual(2 * seen.turn)
  expect(seen.tool).toBeGreaterThanOrEqual(seen.turn)
})

test.each([
  ['a whole day', 0, 24],
  ['an hour of the night', 2, 1],
  ['from the night into the day', 10, 4],
])('a month of load that follows the day costs the same, seen over %s', (_, fromHour, hours) => {
  const day = [...Array.from({ length: 12 }, () => '50%'), ...Array.from({ length: 12 }, () => '100%')]
  const workload = read(`
users: { arrivals: even, peak: { day: [${day.join(', ')}] } }
model: { output: 100, price: { input: $1, output: $10 } }
`)
  const hourMs = 3_600_000
  const level = { sessionsPerSecond: 0.05 }
  const { cost } = simulate(workload, {
    level,
    seed: 1,
    warmupMs: fromHour * hourMs,
    measuredMs: hours * hourMs,
  })
  // A thousandth of a dollar a turn, three quarters of the peak on average, 730 hours; even arrivals miss by one at most.
  const exact = 0.001 * 0.05 * 0.75 * 3600 * 730
  expect(Math.abs(cost!.perMonthUsd! / exact - 1)).toBeLessThan(1 / (0.025 * 3600 * hours))
})

test('an hour without arrivals, in which turns of the hour before end, tells the price of a turn and of no month', () => {
  const day = ['0%', ...Array.from({ length: 23 }, () => '100%')]
  const workload = read(`
users: { arrivals: even, peak: { day: [${day.join(', ')}] } }
model: { ttft: 30m, output: 1, price: { output: $1000 } }
`)
  const window = { warmupMs: 24 * 3_600_000, measuredMs: 3_600_000 }
  const { turns, cost } = simulate(workload, { level: { sessionsPerSecond: 0.05 }, seed: 1, ...window })
  expect(turns.completed).toBe(90)
  expect(cost).toEqual({ perTurnUsd: 0.001 })
})

test.each([
  [{ level: { users: 0 } }, 'level.users is 0, and should be a whole number, at least 1'],
  [{ level: { users: 1.5 } }, 'level.users is 1.5'],
  [{ level: { sessionsPerSecond: 0 } }, 'level.sessionsPerSecond is 0, and should be above 0'],
  [{ level: undefined! }, 'level is undefined, and should be { users } or { sessionsPerSecond }'],
  [{ level: null! }, 'level is null, and should be { users } or { sessionsPerSecond }'],
  [
    { level: { users: 5, sessionsPerSecond: 2 } },
    'level is both, and should be { users } or { sessionsPerSecond }',
  ],
  [{ seed: NaN }, 'seed is NaN, and should be a whole number'],
  [{ warmupMs: -1 }, 'warmupMs is -1'],
  [{ measuredMs: NaN }, 'measuredMs is NaN'],
])('what cannot be simulated is told by its name: %j', (wrong, message) => {
  expect(() => simulate(repairman, { ...probe, ...wrong })).toThrow(message)
})

test.each([{ model: { ttft: '1s' } }, 'file.yaml', undefined])(
  'what is no workload is told so, with what makes one: %j',
  (wrong) => {
    expect(() => simulate(wrong as unknown as typeof repairman, probe)).toThrow(
      'this is no workload: defineWorkload(',
    )
  },
)
