import { expect, test } from 'vitest'
import { callCpu } from './call-cpu.ts'

const light = { calls: 6, turnsPerSecond: 0.5, cores: 0.4 }
const heavier = { calls: 10, turnsPerSecond: 0.8, cores: 0.6 }

test.each([
  // 50 ms at six tenths of a core; 0.6 cores less 24 ms a second, of ten calls.
  ['a response that takes longer than its parts', 50, 30, 57.6],
  ['one that does not', -20, 0, 60],
])('%s', (_, restMs, perTurnMs, perSecondMs) => {
  const told = callCpu(light, heavier, restMs)
  expect(told.perTurnMs).toBeCloseTo(perTurnMs, 9)
  expect(told.perSecondMs).toBeCloseTo(perSecondMs, 9)
})
