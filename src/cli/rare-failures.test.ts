import { expect, test } from 'vitest'
import { findTogether } from '../find/find-together.ts'
import { simulateRunner } from '../simulate/simulate.ts'
import { levelValue } from '../workload/level.ts'
import { read } from '../workload/fixture-read.ts'
import type { Workload } from '../workload/workload.ts'
import {
  bothRareFailureNotes,
  bothWithoutRareFailures,
  rareFailureNotes,
  withoutRareFailures,
} from './rare-failures.ts'
import { simulatedWindow } from './simulated-window.ts'

const guess = { users: 45 }

const failing = (failures: string, servers = 1): Workload =>
  read(`
users: { think: exponential(mean 30s) }
agent: { workers: 1, concurrency: 5, servers: ${servers}, ${failures} }
model: { ttft: exponential(mean 3s) }
objectives: [turn p95 < 12s, errors < 2%]
`)

async function found(workload: Workload) {
  const window = simulatedWindow(workload, guess)
  const trials = simulateRunner(withoutRareFailures(workload, window.measuredMs))
  const search = { guess, probes: 4, seed: 1, ...window }
  return findTogether(trials, search, 4, new AbortController().signal)
}

test('a server that fails once a day fails in no trial of two hours, and the answer says so', async () => {
  const rarely = failing('failures: { every: exponential(mean 24h), down: 10m }')
  const capacity = await found(rarely)
  expect(rareFailureNotes(rarely, capacity)).toEqual([
    `simulated trials count 2 h each, too little for servers that fail every 24 h 10 min: failures are left out, and the simulated capacity is that of servers that run. Each is down 0.69 % of the time; what that does to ${levelValue(capacity.level)} users is seen by simulate with --duration 14500m, 10 failures long.`,
  ])
  const without = await found(failing(''))
  expect(capacity.level).toEqual(without.level)
})

test('failures that each trial sees often stay in it, and nothing is said', async () => {
  const often = failing('failures: { every: exponential(mean 10m), down: 1m }')
  expect(withoutRareFailures(often, 7_200_000)).toBe(often)
  expect(rareFailureNotes(often, await found(often))).toEqual([])
  // Of a hundred servers that fail once a day each, one fails every quarter of an hour: just too rarely, and of 125 not.
  const daily = 'failures: { every: exponential(mean 24h), down: 10m }'
  expect(withoutRareFailures(failing(daily, 100), 7_200_000).agent.failures).toBeUndefined()
  expect(withoutRareFailures(failing(daily, 125), 7_200_000).agent.failures).toBeDefined()
})

test('of two that are compared, one that fails beside one that may not is tried without, and the note says whose it is', async () => {
  const often = failing('failures: { every: exponential(mean 10m), down: 1m }')
  const rarely = failing('failures: { every: exponential(mean 24h), down: 10m }')
  const never = failing('')
  expect(bothWithoutRareFailures({ a: often, b: never }, 7_200_000)).toEqual({ a: often, b: never })
  const { a, b } = bothWithoutRareFailures({ a: often, b: rarely }, 7_200_000)
  expect([a.agent.failures, b.agent.failures]).toEqual([undefined, undefined])
  const capacity = await found(rarely)
  const notes = (one: Workload, other: Workload) =>
    bothRareFailureNotes({ a: one, b: other }, { a: capacity, b: capacity })
  expect(notes(often, never)).toEqual([])
  expect(notes(rarely, rarely)).toEqual(rareFailureNotes(rarely, capacity))
  expect(notes(often, rarely)).toEqual([
    expect.stringMatching(/^B: simulated trials count 2 h each/),
    'A and B fail differently, and both were tried without: the difference knows nothing of it.',
  ])
})
