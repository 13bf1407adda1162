import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { azurePtuModels, soldUnits, vertexGsuModels } from '../../workload/quota-units.ts'
import { azurePtuPrices, vertexGsuPrices } from '../../workload/unit-prices.ts'
import { breakEven, minutesPerMonth } from './break-even.ts'

const { least, step } = azurePtuModels['gpt-5.2']!.zone

// gpt-5.2: 200 + 20 tokens at $1.75 and $14 are $0.00063 a call; a unit carries 3,400 ÷ 360 = 9.44 calls a minute.
const call = {
  perCallUsd: (200 * 1.75 + 20 * 14) / 1e6,
  callsPerMinutePerUnit: 3400 / (200 + 8 * 20),
  steps: { least, step },
}

test.each([
  // $730 ÷ (9.44 × 43,800 × $0.00063 = $260.61)
  ['hourly', azurePtuPrices.global.hourly, 1, 2.801, undefined, undefined],
  // 15 × $260 ÷ (43,800 × $0.00063); 2,135 × the same, since 5 × 0.99766 ÷ 0.00234 = 2,131
  ['monthly', azurePtuPrices.global.monthly, 1, 0.998, 141.3, 20116.7],
  ['yearly', azurePtuPrices.global.yearly, 1, 0.848, 120.1, 240.3],
  ['yearly, at twice the average', azurePtuPrices.global.yearly, 2, 0.848, undefined, undefined],
  ['monthly, data zone', azurePtuPrices.dataZone.monthly, 1, 1.097, undefined, undefined],
] as const)('gpt-5.2, PTU %s', (_, perUnitMonthUsd, peakToAverage, utilisation, first, always) => {
  const found = breakEven({ ...call, perUnitMonthUsd: perUnitMonthUsd!, peakToAverage })
  const round = (value: number | undefined, digits: number): number | undefined =>
    value === undefined ? undefined : Number(value.toFixed(digits))
  expect([
    round(found.utilisation, 3),
    round(found.paysFromCallsPerMinute, 1),
    round(found.alwaysPaysFromCallsPerMinute, 1),
  ]).toEqual([utilisation, first, always])
})

test('gemini-2.5-flash, 1,000 + 100 tokens: a GSU of a month is dearer than the calls that it carries', () => {
  const model = vertexGsuModels['gemini-2.5-flash']!
  const found = breakEven({
    perCallUsd: (1000 * 0.3 + 100 * 2.5) / 1e6,
    perUnitMonthUsd: vertexGsuPrices.monthly!,
    callsPerMinutePerUnit: model.inputPerMinute / (1000 + 9 * 100),
    steps: { least: model.least, step: 1 },
  })
  // $2,700 ÷ (84.95 calls a minute × 43,800 × $0.00055 = $2,046)
  expect(Number(found.utilisation.toFixed(3))).toBe(1.319)
  expect(found.paysFromCallsPerMinute).toBeUndefined()
})

test('the loads are those at which the bill of sold units meets the bill of calls', () => {
  const cases = fc.record({
    perUnitMonthUsd: fc.double({ min: 10, max: 3000, noNaN: true }),
    perCallUsd: fc.double({ min: 1e-5, max: 0.1, noNaN: true }),
    callsPerMinutePerUnit: fc.double({ min: 0.1, max: 500, noNaN: true }),
    least: fc.integer({ min: 1, max: 60 }),
    step: fc.integer({ min: 1, max: 60 }),
    peakToAverage: fc.double({ min: 1, max: 4, noNaN: true }),
    beyond: fc.double({ min: 1.001, max: 30, noNaN: true }),
  })
  fc.assert(
    fc.property(cases, ({ least, step, beyond, ...input }) => {
      const found = breakEven({ ...input, steps: { least, step } })
      const saves = (callsPerMinute: number): number => {
        const units = (callsPerMinute * input.peakToAverage) / input.callsPerMinutePerUnit
        const sold = soldUnits(units, { least, step })
        return callsPerMinute * minutesPerMonth * input.perCallUsd - sold * input.perUnitMonthUsd
      }
      const { paysFromCallsPerMinute: first, alwaysPaysFromCallsPerMinute: always } = found
      if (first === undefined) {
        expect(saves(beyond * 100)).toBeLessThanOrEqual(1e-6)
        return
      }
      const scale = first * minutesPerMonth * input.perCallUsd
      expect(saves(first * 0.999)).toBeLessThan(0)
      expect(saves(first * (1 - 1e-9)) / scale).toBeCloseTo(0, 6)
      if (always !== undefined) expect(saves(always * beyond)).toBeGreaterThanOrEqual(-1e-6 * scale)
    }),
  )
})
