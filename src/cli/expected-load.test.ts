import { expect, test } from 'vitest'
import type { LoadShape } from '../load/run-load.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { expectedLoad } from './expected-load.ts'

const workload = parseWorkload(`
users: { think: 20s }
scenarios: [{ name: chat, turns: 4, depth: 2 }]
model: { ttft: 1s, perToken: 10ms, output: 100, price: { input: $2, cached: $1, output: $8 } }
`).workload!
const hourMs = 3_600_000

test('stages of sessions a second are priced at that rate, not as a number of users', () => {
  const steady: LoadShape = { level: { sessionsPerSecond: 3 }, measuredMs: hourMs }
  const ramp = [{ durationMs: hourMs, target: 3 }]
  const staged: LoadShape = { stages: { of: 'sessionsPerSecond', stages: ramp } }
  const expected = expectedLoad(workload, staged, hourMs, {})
  expect(expected).toEqual(expectedLoad(workload, steady, hourMs, {}))
  expect(expected.turns).toBeCloseTo(3 * 3600 * 4)
})
