import { expect, test } from 'vitest'
import { exponential } from '../stats/distributions.ts'
import type { Arrivals, TraceArrivals } from '../workload/arrivals.ts'
import { readArrivals } from '../workload/arrivals.ts'
import { arrivalScv } from './arrival-variability.ts'
import { fixtureWorkload } from './fixture-workload.ts'
import { allenCunneen } from './formulas/allen-cunneen.ts'
import { plan } from './plan-level.ts'

const trace: TraceArrivals = { kind: 'trace', text: 'trace', atMs: [0, 1000, 4000], periodMs: 6000 }

test.each<[string, Arrivals | undefined, number, number]>([
  ['poisson', undefined, 1, 1],
  ['even', readArrivals('even'), 1, 0],
  ['gamma(cv 3)', readArrivals('gamma(cv 3)'), 1, 9],
  ['gamma(cv 3), four turns a session', readArrivals('gamma(cv 3)'), 4, 3],
  // Gaps of 1, 3 and 2 seconds.
  ['a trace', trace, 1, 2 / 3 / 4],
])('%s: squared coefficient of variation between turns', (_, arrivals, turns, scv) => {
  expect(arrivalScv(arrivals, turns)).toBeCloseTo(scv, 9)
})

test.each(['even', 'gamma(cv 0.5)', 'gamma(cv 2)', 'gamma(cv 3)'])(
  '%s before synchronous workers: the wait after Allen and Cunneen, and not called exact',
  (text) => {
    const arrivals = readArrivals(text)!
    const scv = arrivalScv(arrivals, 1)
    for (const [workers, sessionsPerSecond] of [
      [1, 0.8],
      [4, 3.2],
      [10, 7],
    ] as const) {
      const workload = fixtureWorkload({
        users: { think: exponential(30_000), peak: {}, arrivals },
        agent: { workers, concurrency: 1 },
        model: { ttft: exponential(1000) },
      })
      const { latency, approximate } = plan(workload, { sessionsPerSecond })
      const wait = allenCunneen(workers, sessionsPerSecond, 1, scv, 1)
      expect(latency.turnMs!.mean / 1000).toBeCloseTo(1 + wait, 6)
      expect(approximate).toBe(true)
    }
  },
)

test('the same sessions in closed load are exact: nobody arrives', () => {
  const arrivals = readArrivals('even')!
  const workload = fixtureWorkload({ users: { think: exponential(30_000), peak: {}, arrivals } })
  expect(plan(workload, { users: 50 }).approximate).toBe(false)
})
