import { expect, test } from 'vitest'
import type { Summary } from '../result/summary.ts'
import { acrossReplications } from '../result/replications.ts'
import { read } from '../workload/fixture-read.ts'
import type { Workload } from '../workload/workload.ts'
import { simulate } from './simulate.ts'
import { tooShort } from './too-short.ts'

const minuteMs = 60_000

const twoKinds = (turns: string, quick = '1s'): Workload =>
  read(`
users: { think: exponential(mean 10s), turns: ${turns} }
scenarios: [{ name: quick, depth: 1, model: quick }, { name: slow, depth: 1, model: slow }]
models:
  quick: { ttft: exponential(mean ${quick}), perToken: 0ms }
  slow: { ttft: exponential(mean 9s), perToken: 0ms }
`)

const run = (workload: Workload, minutes: number, seed: number): Summary =>
  simulate(workload, { level: { users: 50 }, seed, warmupMs: 10 * minuteMs, measuredMs: minutes * minuteMs })

/** How many of so many runs hold the mean turn in their interval, and how many are called too short. */
function seen(
  workload: Workload,
  exactMs: number,
  minutes: number,
  runs: number,
): [held: number, told: number] {
  let [held, told] = [0, 0]
  for (let seed = 1; seed <= runs; seed++) {
    const summary = run(workload, minutes, seed)
    const [low, high] = summary.latency.turnMs!.ci95!.mean!
    if (low < exactMs && exactMs < high) held++
    if (tooShort(workload, summary).length > 0) told++
  }
  return [held, told]
}

// Sessions of ten turns keep to one of two models, for 75 s on average from a turn on. Nothing queues: the mean turn is 5 s.
// How many of more runs held it stands in docs/decisions/2026-11-22-runs-too-short-for-an-interval.md.
test('sessions whose turns resemble each other: intervals of short runs miss and are told, those of long runs hold', () => {
  const workload = twoKinds('10')
  const [held, told] = seen(workload, 5000, 9, 40)
  expect(held).toBeLessThan(36)
  expect(told).toBe(40)
  const [heldWhenLong, toldWhenLong] = seen(workload, 5000, 85, 40)
  expect(heldWhenLong).toBeGreaterThanOrEqual(35)
  expect(toldWhenLong).toBe(0)
})

test.each([
  ['sessions of one turn', twoKinds('1')],
  ['scenarios alike', twoKinds('10', '9s')],
  [
    'turns that all take as long',
    read('users: { think: 10s, turns: 10 }\nmodel: { ttft: 1s, perToken: 0ms }'),
  ],
])('%s: nothing goes on for long', (_, workload) => {
  for (let seed = 1; seed <= 10; seed++) expect(tooShort(workload, run(workload, 9, seed))).toEqual([])
})

test('what goes on, and how long a run it takes; independent runs need no batches', () => {
  const workload = twoKinds('10')
  const runs = [1, 2].map((seed) => run(workload, 9, seed))
  const [told] = tooShort(workload, runs[0]!)
  expect(told!.why).toMatch(
    /^turns of (quick|slow) take .* s and all together .* s, sessions keep to their scenario for 7\d\.?\d* s, and intervals rest on 20 batches of 27 s$/,
  )
  expect(told!.neededMs / minuteMs).toBeGreaterThan(68)
  expect(told!.neededMs / minuteMs).toBeLessThan(83)
  expect(tooShort(workload, acrossReplications(runs))).toEqual([])
})

test('servers that fail less than ten times', () => {
  const workload = read(`
users: { think: exponential(mean 10s) }
agent: { workers: 2, concurrency: 20, servers: 2, failures: { every: exponential(mean 10m), down: 60s } }
model: { ttft: exponential(mean 1s) }
`)
  const [once, twice] = [run(workload, 30, 1), run(workload, 30, 2)]
  const [told] = tooShort(workload, once)
  expect(told!.why).toMatch(/^a server fails every 5 min 30 s, \d did, and with fewer than 10 it is chance/)
  expect(told!.neededMs).toBe(55 * minuteMs)
  expect(tooShort(workload, acrossReplications([once, twice]))).toEqual([])
  expect(tooShort(workload, run(workload, 55, 1))).toEqual([])
})
