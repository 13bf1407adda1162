import { expect, test } from 'vitest'
import { constant, exponential, geometric, lognormal } from '../stats/distributions.ts'
import { fixtureWorkload, repairman } from './fixture-workloads.ts'
import { read } from '../workload/fixture-read.ts'
import { chooseWarmUp } from './warm-up.ts'

const { signal } = new AbortController()
const hourMs = 3_600_000

test('users who are there from the start need next to none', async () => {
  const found = await chooseWarmUp(repairman, { level: { users: 20 }, seed: 1, mostMs: 2 * hourMs }, signal)
  expect(found.steady).toBe(true)
  expect(found.warmupMs).toBeLessThan(120_000)
})

test('sessions of twenty minutes that start at an empty agent need at least most of that', async () => {
  const long = fixtureWorkload({ scenario: { turns: constant(21), think: constant(60_000) } })
  const level = { sessionsPerSecond: 0.2 }
  const found = await chooseWarmUp(long, { level, seed: 1, mostMs: 4 * hourMs }, signal)
  expect(found.steady).toBe(true)
  expect(found.warmupMs).toBeGreaterThan(15 * 60_000)
  expect(found.pilotMs).toBeGreaterThanOrEqual(2 * found.warmupMs)
})

const fewCalls = read(`
phone: { calls: 3/min, duration: lognormal(mean 4m cv 0.6), blocked: 1%, turns: 6/min, carrier: { concurrent: 40 } }
agent: { workers: 1, concurrency: 50 }
model: { ttft: 500ms }
`)
const talk = fixtureWorkload({ scenario: { turns: geometric(20), think: exponential(60_000) } })
const evenTalk = fixtureWorkload({ scenario: { turns: constant(30), think: constant(60_000) } })

test.each([
  ['calls by telephone', fewCalls, 3 / 60, [1, 2, 3], { mostHours: 2, leastMinutes: 1.5 * 4 }],
  ['sessions that come', talk, 0.01, [1, 2, 3], { mostHours: 20, leastMinutes: 1.2 * 20 }],
  // In the first pilot nobody came, or nobody went.
  ['one an hour', evenTalk, 1 / 3600, [1, 2, 3, 4, 5, 6, 7, 8], { mostHours: 40, leastMinutes: 30 }],
])(
  '%s begin with nobody there, however few they are',
  async (_, workload, sessionsPerSecond, seeds, { mostHours, leastMinutes }) => {
    for (const seed of seeds) {
      const options = { level: { sessionsPerSecond }, seed, mostMs: mostHours * hourMs }
      const found = await chooseWarmUp(workload, options, signal)
      expect(found.steady).toBe(true)
      expect(found.warmupMs).toBeGreaterThan(leastMinutes * 60_000)
    }
  },
)

test('turns that take hours and begin at once look level before any has ended: twice as long as one is left out', async () => {
  const slow = fixtureWorkload({
    users: { think: constant(10_000) },
    model: { ttft: lognormal(3 * hourMs, 1) },
  })
  const within = (mostMs: number) => chooseWarmUp(slow, { level: { users: 100 }, seed: 1, mostMs }, signal)
  expect(await within(2 * hourMs)).toEqual({ steady: false, pilotMs: 2 * hourMs, warmupMs: hourMs })
  const found = await within(40 * hourMs)
  expect(found).toMatchObject({ steady: true, rule: 'for turns and conversations to be as long as they get' })
  expect(found.warmupMs / hourMs).toBeGreaterThan(5)
  expect(found.warmupMs / hourMs).toBeLessThan(7)
})

test.each([
  [Infinity, 19],
  [10, 5],
  [0, 0],
])(
  'conversations of twenty turns a minute apart that send %d messages grow for %d minutes',
  async (historyMessages, minutes) => {
    const input = { system: constant(0), message: constant(50), toolResult: constant(0), historyMessages }
    const talk = fixtureWorkload({
      users: { think: exponential(60_000) },
      scenario: { turns: geometric(20), think: exponential(60_000), input },
    })
    const options = { level: { users: 100 }, seed: 1, mostMs: 8 * hourMs }
    const { warmupMs, pilotMs, steady } = await chooseWarmUp(talk, options, signal)
    expect(steady).toBe(true)
    expect(warmupMs / 60_000).toBeGreaterThanOrEqual(1.9 * minutes)
    expect(warmupMs / 60_000).toBeLessThan(2.1 * minutes + 2)
    expect(pilotMs).toBeGreaterThanOrEqual(4 * minutes * 60_000)
  },
)

test('of two users, too, turns of two minutes are seen to take so long, whoever waits when the pilot ends', async () => {
  const slow = fixtureWorkload({ users: { think: exponential(120_000) }, model: { ttft: constant(120_000) } })
  for (let seed = 1; seed <= 8; seed++) {
    const found = await chooseWarmUp(slow, { level: { users: 2 }, seed, mostMs: 4 * hourMs }, signal)
    expect(found.warmupMs).toBeGreaterThan(200_000)
  }
})

test('an agent that cannot keep up is never steady, and the rule says so', async () => {
  const full = fixtureWorkload({ agent: { workers: 1, concurrency: 1 }, model: { ttft: exponential(1000) } })
  const found = await chooseWarmUp(
    full,
    { level: { sessionsPerSecond: 1.3 }, seed: 1, mostMs: hourMs },
    signal,
  )
  expect(found).toEqual({ steady: false, pilotMs: hourMs, warmupMs: hourMs / 2 })
})
