import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { meanValueAnalysis } from './mean-value-analysis.ts'
import { multiClassMva } from './multi-class-mva.ts'
import { multiClassCases } from './published-cases.ts'

describe('exact mean value analysis of several classes', () => {
  test.each(multiClassCases)('$source', (published) => {
    const solved = multiClassMva(published.classes)
    for (const figure of ['throughput', 'response'] as const)
      published[figure]?.forEach((value, c) =>
        expect(Math.abs(solved[figure][c]! - value)).toBeLessThan(published.within),
      )
    for (const figure of ['queue', 'residence'] as const)
      published[figure]?.forEach((row, c) =>
        row.forEach((value, k) =>
          expect(Math.abs(solved[figure][c]![k]! - value)).toBeLessThan(published.within),
        ),
      )
  })

  it('is the single-class answer when the classes are alike, and wherever the others are empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 12 }),
        (demands, think, first, second) => {
          const alike = multiClassMva([
            { population: first, think, demands },
            { population: second, think, demands },
            { population: 0, think: 1, demands },
          ])
          const exact = meanValueAnalysis(first + second, think, demands)
          expect((alike.throughput[0]! + alike.throughput[1]!) / exact.throughput).toBeCloseTo(1, 9)
          expect(alike.response[0]! / exact.response).toBeCloseTo(1, 9)
          expect(alike.throughput[2]).toBe(0)
        },
      ),
      { seed: 5, numRuns: 60 },
    )
  })
})
