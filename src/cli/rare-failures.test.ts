import { expect, test } from 'vitest'
import { findTogether } from '../find/find-together.ts'
import type { Capacity } from '../result/capacity.ts'
import { simulateRunner } from '../simulate/simulate.ts'
import { read } from '../workload/fixture-read.ts'
import type { Workload } from '../workload/workload.ts'
import { rareFailureNotes } from './rare-failures.ts'
import { simulatedWindow } from './simulated-window.ts'

const failing = (every: string): Workload =>
  read(`
users: { think: exponential(mean 30s) }
agent: { workers: 1, concurrency: 5, failures: { every: exponential(mean ${every}), down: 10m } }
model: { ttft: exponential(mean 3s) }
objectives: [turn p95 < 12s]
`)

async function found(workload: Workload): Promise<Capacity> {
  const guess = { users: 45 }
  const search = { guess, probes: 4, seed: 1, ...simulatedWindow(workload, guess) }
  return findTogether(simulateRunner(workload), search, 4, new AbortController().signal)
}

test('trials of two hours rarely see a server that fails once in ten days, and the answer says so', async () => {
  const workload = failing('240h')
  const capacity = await found(workload)
  expect(rareFailureNotes(workload, capacity)).toEqual([
    expect.stringMatching(
      /^a server fails every 240 h 10 min, simulated trials count 2 h each, and none of \d+ saw one: the simulated capacity is that of servers that run\. Each server is down 0\.07 % of the time; what that does to \d+ users is seen by simulate with --duration 144100m, 10 failures long\.$/,
    ),
  ])
})

test('of failures that some trials saw chance decides, and of those that all saw often nothing is said', async () => {
  const sometimes = failing('3h')
  expect(rareFailureNotes(sometimes, await found(sometimes))[0]).toMatch(
    / \d of \d+ saw one: it is chance how much of failures the simulated capacity has in it\. /,
  )
  const often = read(`
users: { think: exponential(mean 30s) }
agent: { workers: 1, concurrency: 5, failures: { every: exponential(mean 5m), down: 5s } }
model: { ttft: exponential(mean 3s) }
objectives: [turn p95 < 12s]
`)
  expect(rareFailureNotes(often, await found(often))).toEqual([])
})
