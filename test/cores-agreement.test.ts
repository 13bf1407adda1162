// More workers than cores: how full the CPU is, planned and simulated. On a fixed seed.
import { expect, test } from 'vitest'
import { plan } from '../src/plan/plan.ts'
import { simulate } from '../src/simulate/simulate.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

/** Turns of 100 ms of CPU on servers of four workers. */
const workloadOn = (servers: number, cores: number) =>
  parseWorkload(`
users: { turns: 1 }
scenarios: [{ name: only, depth: 1 }]
agent: { servers: ${servers}, workers: 4, concurrency: 100, server: { cpu: ${cores} }, overhead: { cpuPerCall: 100ms } }
model: { ttft: 500ms }
`).workload!

test.each([
  [1, 2, 2],
  [3, 2, 6],
  [1, 8, 4],
])('%i servers of four workers on %i cores: the CPU is full at %i', (servers, cores, limit) => {
  const workload = workloadOn(servers, cores)
  const level = { sessionsPerSecond: 6 * limit }
  const use = { name: 'event loop', limit, unit: 'cores', binding: true }
  const planned = plan(workload, level).services!.find(({ unit }) => unit === 'cores')!
  expect(planned).toMatchObject(use)
  expect(planned.utilisation).toBeCloseTo(0.6, 9)
  const window = { warmupMs: 60_000, measuredMs: 1_800_000 }
  const simulated = simulate(workload, { level, seed: 1, ...window }).services!.find(
    ({ unit }) => unit === 'cores',
  )!
  expect(simulated).toMatchObject(use)
  // 21,600 turns or more vary by 0.7 %: four times that and less.
  expect(Math.abs(simulated.utilisation / 0.6 - 1)).toBeLessThan(0.028)
})
