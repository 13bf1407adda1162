import { expect, test } from 'vitest'
import { callCpu } from './call-cpu.ts'

test.each([
  // Six calls of 50 ms a second; then eight, whose 0.4 cores leave 0.08 for 0.8 turns a second.
  ['silent and speaking', 0.3, 0.48, 50, 100],
  ['turns hidden by noise', 0.3, 0.39, (0.69 / 14) * 1000, 0],
])('%s', (_, silent, speaking, perSecondMs, perTurnMs) => {
  const told = callCpu(
    { calls: 6, turnsPerSecond: 0, cores: silent },
    { calls: 8, turnsPerSecond: 0.8, cores: speaking },
  )
  expect(told.perSecondMs).toBeCloseTo(perSecondMs, 9)
  expect(told.perTurnMs).toBeCloseTo(perTurnMs, 9)
})
