import { describe, expect, test } from 'vitest'
import {
  llmCallTime,
  llmClosed,
  llmHalfSaturation,
  llmThroughput,
  llmThroughputLimit,
} from './llm-station.ts'

describe('T(b) = a·K + b·(β·K + c·P)', () => {
  const engine = { step: 15, decode: 0.34, prefill: 0.084, slots: Infinity }
  const call = { inputTokens: 1000, outputTokens: 300 }

  test.each([
    [1, 4686, 0.2134016219],
    [8, 5988, 1.336005344],
    [32, 10_452, 3.061615002],
    [64, 16_404, 3.901487442],
  ])('%i in flight take %d ms each', (inFlight, timeMs, perSecond) => {
    expect(llmCallTime(engine, call, inFlight)).toBeCloseTo(timeMs, 9)
    expect(llmThroughput(engine, call, inFlight) * 1000).toBeCloseTo(perSecond, 8)
  })

  test('its limit and half-saturation', () => {
    expect(llmThroughputLimit(engine, call) * 1000).toBeCloseTo(5.376344086021505, 10)
    expect(llmHalfSaturation(engine, call)).toBeCloseTo(24.193548387096776, 10)
  })
})

// Birth-death with rate n ÷ (a + c·n) ÷ tokens; Octave qncscmva agrees on the first.
test.each([
  [40, 64, 1.026340717, 8.973412389, 9.209778501],
  [80, 20, 1.658289589, 18.2424786, 30.25131233],
])('closed, %i callers, batch of %i', (population, slots, throughput, response, atStation) => {
  const engine = { step: 0.02, decode: 0.001, prefill: 0, slots }
  const state = llmClosed(engine, { inputTokens: 0, outputTokens: 300 }, population, 30)
  expect(state.throughput).toBeCloseTo(throughput, 8)
  expect(state.response).toBeCloseTo(response, 6)
  expect(state.atStation).toBeCloseTo(atStation, 6)
})
