import { expect, test } from 'vitest'
import { callCpu } from './call-cpu.ts'

// Six calls of 50 ms a second; then eight, of which 0.4 cores are those and the rest is of 0.8 turns a second.
test.each([
  ['half of what turns add is before their sound', 0.48, 96.153846, 50, 55],
  ['all of it, and no more', 0.48, 900, 100, 50],
  ['no wait is left to explain', 0.48, -20, 0, 60],
  ['turns hidden by noise', 0.39, 100, 0, 48.75],
])('%s', (_, cores, restMs, perTurnMs, perSecondMs) => {
  const told = callCpu(
    { calls: 6, turnsPerSecond: 0, cores: 0.3 },
    { calls: 8, turnsPerSecond: 0.8, cores },
    restMs,
  )
  expect(told.silentMs).toBeCloseTo(50, 9)
  expect(told.perTurnMs).toBeCloseTo(perTurnMs, 5)
  expect(told.perSecondMs).toBeCloseTo(perSecondMs, 5)
})
