import { describe, expect, it, test } from 'vitest'
import { erlangC } from './erlang-c.ts'
import { concurrencyLine, timeBudget } from './llm-fit.ts'
import { llmOpen } from './llm-open.ts'
import { llmCallTime, llmThroughputLimit } from './llm-station.ts'
import { loadDependentOpen } from './load-dependent-open.ts'
import { multiServerRate } from './load-dependent-closed.ts'
import { mmck } from './mmck.ts'
import { processorSharing } from './processor-sharing.ts'
import { llama8b, llama8bOn4090, qwen30b, qwen32b } from './published-traces.ts'

describe('open load-dependent station', () => {
  it('is M/M/c, M/M/c/K and processor sharing with their rates', () => {
    const pool = loadDependentOpen({ arrival: 9, rate: multiServerRate(2, 1 / 5) })
    expect(pool.response).toBeCloseTo(erlangC(2, 9, 1 / 5).wait + 1 / 5, 9)
    const bounded = loadDependentOpen({ arrival: 3, rate: multiServerRate(2, 1 / 2), places: 5 })
    expect(bounded.rejected).toBeCloseTo(mmck(3, 2, 2, 5).rejected, 12)
    expect(bounded.atStation).toBeCloseTo(2.00595, 5)
    expect(loadDependentOpen({ arrival: 4, rate: () => 5 }).response).toBeCloseTo(
      processorSharing(4, 1 / 5),
      9,
    )
  })
})

describe('open LLM station', () => {
  // llm-inferno's /optimize: alpha 12, beta .05, gamma .0005 ms; 128 tokens in, 512 out; queue of 128. Its pass that
  // prefills is one step more than tokens; a decoded token also pays gamma for each token of context read.
  const tokens = { inputTokens: 128, outputTokens: 512 + 1 }
  const decode = (512 * (0.05 + 0.0005 * (128 + 513 / 2))) / 513
  const engine = (slots: number) => ({ step: 12, decode, prefill: 0.05 + 0.0005, slots })

  test.each([
    [49, 2.9715836, 57.9873, 19.999996, 30.50618, 3.9003835],
    [48, 2.9494622, 60.000584, 19.90533, 30.135853, 3.8609295],
  ])('%i slots at %d a second', (slots, perSecond, firstToken, interToken, running, limit) => {
    const state = llmOpen(engine(slots), tokens, perSecond / 1000, slots + 128)
    expect(Math.abs(state.firstToken / firstToken - 1)).toBeLessThan(1e-3)
    expect(Math.abs(state.interToken / interToken - 1)).toBeLessThan(1e-3)
    expect(Math.abs(state.running / running - 1)).toBeLessThan(1e-3)
    expect(Math.abs((0.999 * 1000 * llmThroughputLimit(engine(slots), tokens)) / limit - 1)).toBeLessThan(
      1e-3,
    )
  })

  test('49 slots: response and wait', () => {
    const state = llmOpen(engine(49), tokens, 2.9715836 / 1000, 49 + 128)
    expect(Math.abs(state.response / 10_277.985 - 1)).toBeLessThan(1e-3)
    expect(Math.abs(state.wait - 12.017578)).toBeLessThan(0.05)
  })

  it('takes T(1) when hardly anyone calls, and turns away what it cannot carry', () => {
    const quiet = llmOpen(engine(49), tokens, 1e-9)
    expect(quiet.response / llmCallTime(engine(49), tokens, 1)).toBeCloseTo(1, 4)
    const flooded = llmOpen(engine(8), tokens, 0.1, 8)
    expect(flooded.throughput).toBeLessThan(llmThroughputLimit(engine(8), tokens))
    expect(flooded.rejected).toBeGreaterThan(0.98)
    expect(() => llmOpen(engine(8), tokens, 0.1)).toThrow('no steady state')
  })
})

describe('fits of an engine', () => {
  test('two points: Llama-3.1-8B by llm-d', () => {
    const line = concurrencyLine([
      { inFlight: 1, time: 7 },
      { inFlight: 64, time: 8.7 },
    ])
    expect(Math.abs(line.fixed - 6.973)).toBeLessThan(5e-4)
    expect(Math.abs(line.perCall - 0.027)).toBeLessThan(5e-4)
    expect(line.worstError).toBeLessThan(1e-12)
  })

  // ai.wmx.dev/benchmarks: Qwen2.5-0.5B on an L4, vLLM.
  test.each([
    ['between tokens', [5.1, 5.2, 5.3, 5.5, 6, 7.1], 5.0313, 0.06368, 0.008],
    ['of a whole call', [679, 698, 722, 772, 880, 1082], 669.73, 12.93, 0.005],
  ])('a sweep of 1 to 32 in flight, the time %s', (_, times, fixed, perCall, worst) => {
    const line = concurrencyLine(times.map((time, i) => ({ inFlight: 2 ** i, time })))
    expect(Math.abs(line.fixed / fixed - 1)).toBeLessThan(0.01)
    expect(Math.abs(line.perCall / perCall - 1)).toBeLessThan(0.01)
    expect(Math.abs(line.worstError - worst)).toBeLessThan(5e-4)
  })

  test.each([
    ['Llama-3.1-8B on an RTX 4090', llama8bOn4090, 14.71, 0.337, 0.0836, 0.059],
    ['Llama-3.1-8B', llama8b, 8.07, 0.1633, 0.0475, 0.055],
    ['Qwen3-32B', qwen32b, 20.65, 0.3329, 0.1567, 0.079],
    ['Qwen3-30B-A3B', qwen30b, 9.68, 0.1497, 0.048, 0.121],
  ])('time budget of %s', (_, trace, step, decode, prefill, heldOut) => {
    const budget = timeBudget(trace)
    expect(Math.abs(budget.step / step - 1)).toBeLessThan(0.01)
    expect(Math.abs(budget.decode / decode - 1)).toBeLessThan(0.01)
    expect(Math.abs(budget.prefill / prefill - 1)).toBeLessThan(0.01)
    // Fitted to every other busy second, what it says of the seconds between: the median error.
    const busy = trace.filter((each) => each.running >= 1 && each.decodedPerSecond > 5)
    const half = timeBudget(busy.filter((_, i) => i % 2 === 0))
    const errors = busy
      .filter((_, i) => i % 2 === 1)
      .map(({ running, decodedPerSecond: decoded, prefilledPerSecond: prefilled }) =>
        Math.abs(
          (half.step * (decoded / running) + half.decode * decoded + half.prefill * prefilled) / 1000 - 1,
        ),
      )
      .toSorted((one, other) => one - other)
    const middle = (errors[Math.ceil(errors.length / 2) - 1]! + errors[Math.floor(errors.length / 2)]!) / 2
    expect(Math.abs(middle / heldOut - 1)).toBeLessThan(0.01)
  })

  it('needs a busy engine, and leaves idle seconds out', () => {
    const idle = [0, 1].map((running) => ({ running, decodedPerSecond: 2, prefilledPerSecond: 0 }))
    expect(timeBudget([...llama8b, ...idle])).toEqual(timeBudget(llama8b))
    expect(() => timeBudget([{ running: 0, decodedPerSecond: 0, prefilledPerSecond: 0 }])).toThrow('three')
  })
})
