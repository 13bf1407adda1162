import * as fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { balancedJobBounds } from './balanced-job-bounds.ts'
import { geometricBounds } from './geometric-bounds.ts'
import { meanValueAnalysis } from './mean-value-analysis.ts'
import { geometricBoundsCases } from './published-cases.ts'

test.each(geometricBoundsCases)('Casale et al., Z = %d, N = %i', (think, population, low, high) => {
  const bounds = geometricBounds(population, think, [0.1, 0.1, 0.09, 0.08])
  expect(Math.abs(bounds.throughput[0] - low)).toBeLessThan(1e-4)
  expect(Math.abs(bounds.throughput[1] - high)).toBeLessThan(1e-4)
  expect(bounds.response[0]).toBeCloseTo(population / bounds.throughput[1] - think, 12)
})

it('holds the exact answer, and without think time is tighter below than balanced jobs', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: 1, maxLength: 5 }),
      fc.oneof(fc.constant(0), fc.double({ min: 0.1, max: 100, noNaN: true })),
      fc.integer({ min: 1, max: 60 }),
      (demands, think, population) => {
        const exact = meanValueAnalysis(population, think, demands).throughput
        const [low, high] = geometricBounds(population, think, demands).throughput
        const slack = 1 + 1e-9
        expect(low).toBeLessThanOrEqual(exact * slack)
        expect(exact).toBeLessThanOrEqual(high * slack)
        if (think === 0)
          expect(low * slack).toBeGreaterThanOrEqual(balancedJobBounds(population, 0, demands).throughput[0])
      },
    ),
    { seed: 4, numRuns: 200 },
  )
})
