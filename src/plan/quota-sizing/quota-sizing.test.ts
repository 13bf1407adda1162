import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { azurePtuModels, soldUnits, vertexGsuModels } from '../../workload/quota-units.ts'
import { burstAbsorbedMs } from './burst-absorbed.ts'
import { callsInFlight } from './calls-in-flight.ts'
import { gsuSizing, gsuWindow } from './gsu-sizing.ts'
import { inputWithCache } from './input-with-cache.ts'
import { pairedUnits } from './paired-units.ts'
import { ptuSizing } from './ptu-sizing.ts'

const offered = { callsPerMinute: 1000, inputTokens: 200, outputTokens: 20, cachedShare: 0 }

// The worked example of Microsoft's own sizing page.
test.each([
  ['nothing cached', 0, 360_000, 105.88, 110, 150],
  ['half cached', 0.5, 260_000, 76.47, 80, 100],
])('gpt-5.2, 1,000 calls a minute of 200 + 20, %s', (_, cachedShare, tokens, units, zone, regional) => {
  const size = ptuSizing({ ...offered, cachedShare }, azurePtuModels['gpt-5.2']!)
  expect([size.tokensPerMinute, Number(size.units.toFixed(2)), size.zone, size.regional]).toEqual([
    tokens,
    units,
    zone,
    regional,
  ])
})

test('gpt-4.1 takes 600 PTU for 1.8M input tokens a minute', () => {
  const size = ptuSizing(
    { callsPerMinute: 1000, inputTokens: 1000, outputTokens: 200, cachedShare: 0 },
    azurePtuModels['gpt-4.1']!,
  )
  expect([size.tokensPerMinute, size.zone, size.regional]).toEqual([1_800_000, 600, 600])
})

test('xAI: 100k in and 50k out a minute take four units each, $80 a day or $2,400 a month of 30 days', () => {
  const unit = { inputPerMinute: 31_500, outputPerMinute: 12_500, perDayUsd: 10 }
  const bought = pairedUnits(100_000, 50_000, unit)
  expect(bought).toEqual({ input: 4, output: 4, perDayUsd: 80 })
  expect(bought.perDayUsd * 30).toBe(2400)
  expect(pairedUnits(100_000, 0, unit)).toEqual({ input: 4, output: 0, perDayUsd: 40 })
})

test.each([
  [0, 0],
  [0.1, 15],
  [15, 15],
  [15.01, 20],
  [110.000_000_000_001, 110],
])('%d units are sold as %d', (units, sold) => {
  expect(soldUnits(units, { least: 15, step: 5 })).toBe(sold)
})

test('sold units are enough, and one step less is not', () => {
  const steps = fc.record({ least: fc.integer({ min: 1, max: 100 }), step: fc.integer({ min: 1, max: 100 }) })
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 5000, noNaN: true }), steps, (units, steps) => {
      const sold = soldUnits(units, steps)
      expect(sold).toBeGreaterThanOrEqual(Math.max(steps.least, units - 1e-6))
      if (sold > steps.least) expect(sold - steps.step).toBeLessThan(units)
    }),
  )
})

test.each([
  [1, 322_800, 120_000],
  [25, 2_017_500, 30_000],
  [250, 3_362_500, 5000],
])('%d GSU of gemini-2.5-flash hold %d tokens in %d ms', (units, windowTokens, windowMs) => {
  expect(gsuWindow(units, vertexGsuModels['gemini-2.5-flash']!)).toEqual({ windowMs, windowTokens })
})

test('GSU: output burns nine, cached input a tenth, and Claude has a minimum', () => {
  const half = { ...offered, cachedShare: 0.5 }
  const flash = gsuSizing(half, vertexGsuModels['gemini-2.5-flash']!)
  expect([flash.tokensPerMinute, flash.sold]).toEqual([1000 * (110 + 180), 2])
  const sonnet = gsuSizing({ ...half, callsPerMinute: 1 }, vertexGsuModels['claude-sonnet-5']!)
  expect([sonnet.sold, sonnet.windowMs]).toEqual([25, 30_000])
})

test.each([
  [64_000, 31],
  [1000, 1333],
])('Bedrock: 2M tokens a minute at max_tokens %d are %d calls in flight', (maxTokens, calls) => {
  expect(callsInFlight(2e6, 500, maxTokens)).toBe(calls)
})

test('Anthropic: 2M input tokens a minute at 80 % cache hits are 10M', () => {
  expect(inputWithCache(2e6, 0.8)).toBeCloseTo(10e6, 3)
  expect(inputWithCache(2e6, 0.8, 1)).toBeCloseTo(2e6, 3)
})

test.each([
  [{ kind: 'window', limit: 322_800, windowMs: 120_000 }, 70_000, 4611.4],
  [{ kind: 'sliding', limit: 322_800, windowMs: 120_000 }, 2690, Infinity],
  [{ kind: 'bucket', perMinute: 374_000, depthMs: 60_000 }, 70_000, 5865.1],
  [{ kind: 'bucket', perMinute: 374_000, depthMs: 60_000 }, 6000, Infinity],
  [{ kind: 'in-flight', limit: 5, retryAfterMs: 1 }, 6000, Infinity],
] as const)('%j takes a burst of %d tokens a second for %d ms', (meter, tokensPerSecond, absorbedMs) => {
  expect(Number(burstAbsorbedMs(meter, tokensPerSecond).toFixed(1))).toBe(absorbedMs)
})
