import { expect, test } from 'vitest'
import { constant, exponential } from '../stats/distributions.ts'
import { fixtureWorkload, repairman } from './fixture-workloads.ts'
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

test('an agent that cannot keep up is never steady, and the rule says so', async () => {
  const full = fixtureWorkload({ agent: { workers: 1, concurrency: 1 }, model: { ttft: exponential(1000) } })
  const found = await chooseWarmUp(
    full,
    { level: { sessionsPerSecond: 1.3 }, seed: 1, mostMs: hourMs },
    signal,
  )
  expect(found).toEqual({ steady: false, pilotMs: hourMs, warmupMs: hourMs / 2 })
})
