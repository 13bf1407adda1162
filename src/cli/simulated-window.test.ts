import { expect, test } from 'vitest'
import { findCapacity } from '../find/find-capacity.ts'
import { planCapacity } from '../plan/plan.ts'
import { simulateRunner } from '../simulate/simulate.ts'
import { levelValue } from '../workload/level.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { simulatedWindow } from './simulated-window.ts'

/** A minute and three seconds from turn to turn. */
const talk = (turns: number, history: string) =>
  parseWorkload(`
users: { think: exponential(mean 60s), turns: geometric(mean ${turns}) }
model: { ttft: 3s, output: 1, maxTokens: 1, input: { message: 250, history: ${history} }, quota: { tpm: 400k } }
objectives: [errors < 1%]
`).workload!

test.each([
  [40, 'all', 2 * 39 * 63],
  [40, 'window(20)', 2 * 10 * 63],
  [40, 'none', 600],
  [3, 'all', 600],
])(
  'conversations of %d turns that send %s begin with nothing said: %d s are left out',
  (turns, history, seconds) => {
    const { warmupMs, measuredMs } = simulatedWindow(talk(turns, history), { users: 5 })
    expect([warmupMs / 1000, measuredMs]).toEqual([seconds, 7_200_000])
  },
)

test('a quota of tokens carries as many growing conversations simulated as solved', async () => {
  const workload = talk(40, 'all')
  const { level } = planCapacity(workload, {})
  const search = { guess: level, probes: 10, seed: 1, ...simulatedWindow(workload, level) }
  const found = await findCapacity(simulateRunner(workload), search, new AbortController().signal)
  expect(levelValue(found.level) / levelValue(level)).toBeGreaterThan(0.85)
  expect(levelValue(found.level) / levelValue(level)).toBeLessThan(1.15)
})
