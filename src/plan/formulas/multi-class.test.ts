import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { meanValueAnalysis } from './mean-value-analysis.ts'
import { linearizer } from './linearizer.ts'
import { mixedNetwork } from './mixed-network.ts'
import { multiClassBardSchweitzer } from './multi-class-bard-schweitzer.ts'
import { type ClosedClass, multiClassMva } from './multi-class-mva.ts'
import { openNetwork } from './open-network.ts'
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

describe('approximate mean value analysis of several classes', () => {
  test('Bard–Schweitzer: Lazowska et al. 1984, ch. 7, as Octave qncmmvabs has it', () => {
    const solved = multiClassBardSchweitzer([
      { population: 1, think: 0, demands: [1, 3] },
      { population: 1, think: 0, demands: [2, 4] },
    ])
    const near = (found: readonly number[], wanted: readonly number[], within: number): void =>
      wanted.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(within))
    near(solved.queue.flat(), [0.192, 0.808, 0.248, 0.752], 1e-3)
    near(solved.throughput, [0.154, 0.104], 1e-3)
    near(solved.response, [6.508, 9.614], 5e-3)
  })

  test('Bard–Schweitzer of one class is its single-class formula: Lazowska et al. 1984, p. 117', () => {
    const { throughput, queue } = multiClassBardSchweitzer([
      { population: 3, think: 15, demands: [0.605, 2.1, 1.35] },
    ])
    expect(throughput[0]).toBeCloseTo(0.151, 3)
    expect(queue[0]!.map((length) => Number(length.toFixed(4)))).toEqual([0.0973, 0.4021, 0.2359])
  })

  const demand = fc.double({ min: 0.01, max: 5, noNaN: true })
  const someone = (stations: number): fc.Arbitrary<ClosedClass> =>
    fc.record({
      population: fc.integer({ min: 1, max: 12 }),
      think: fc.double({ min: 0, max: 50, noNaN: true }),
      demands: fc.array(demand, { minLength: stations, maxLength: stations }),
    })
  const networks = fc
    .integer({ min: 1, max: 4 })
    .chain((stations) => fc.array(someone(stations), { minLength: 1, maxLength: 3 }))
  const error = (classes: readonly ClosedClass[], approximate: typeof linearizer): number => {
    const exact = multiClassMva(classes).throughput
    return Math.max(...approximate(classes).throughput.map((rate, c) => Math.abs(rate / exact[c]! - 1)))
  }

  it('Linearizer stays within 3 % of the exact throughput; its mean error is a fifth of Bard–Schweitzer’s', () => {
    const sample = fc.sample(networks, { seed: 6, numRuns: 60 })
    const linear = sample.map((classes) => error(classes, linearizer))
    const simple = sample.map((classes) => error(classes, multiClassBardSchweitzer))
    expect(Math.max(...linear)).toBeLessThan(0.03)
    expect(mean(linear) * 5).toBeLessThan(mean(simple))
  })

  it('is exact for one customer, and takes a hundred thousand', () => {
    const one = linearizer([{ population: 1, think: 4, demands: [1, 2] }])
    expect(one.throughput[0]).toBeCloseTo(1 / 7, 12)
    const many = linearizer([
      { population: 90_000, think: 30, demands: [0.001, 0.0004] },
      { population: 10_000, think: 60, demands: [0.002, 0.004] },
    ])
    const busy = many.throughput[0]! * 0.001 + many.throughput[1]! * 0.002
    expect(busy).toBeLessThanOrEqual(1 + 1e-9)
    expect(busy).toBeGreaterThan(0.999)
  })
})

describe('open and mixed networks', () => {
  test('open: Lazowska et al. 1984, p. 113', () => {
    const solved = openNetwork(0.3, [121 * 0.005, 70 * 0.03, 50 * 0.027])
    expect(Math.abs(solved.utilisation[0]! - 0.182)).toBeLessThan(1e-3)
    expect(Math.abs(solved.queue[0]! - 0.222)).toBeLessThan(1e-3)
    expect(solved.response).toBeCloseTo(8.683740233, 9)
    expect(openNetwork(solved.limit, [121 * 0.005, 70 * 0.03, 50 * 0.027]).response).toBe(Infinity)
  })

  const open = [
    { arrival: 1, demands: [0.25, 1 / 6] },
    { arrival: 0.5, demands: [0.5, 1] },
  ]

  test('mixed: Lazowska et al. 1984, p. 148', () => {
    const solved = mixedNetwork(open, [
      { population: 1, think: 0, demands: [0.5, 1] },
      { population: 1, think: 0, demands: [1, 4 / 3] },
    ])
    ;[4 / 19, 15 / 19, 5 / 19, 14 / 19].forEach((length, i) =>
      expect(solved.closed.queue.flat()[i]).toBeCloseTo(length, 12),
    )
    expect(solved.open.residence[0]![0]).toBeCloseTo((0.25 / 0.5) * (1 + 9 / 19), 12)
  })

  it('is an open network when nobody is inside', () => {
    const solved = mixedNetwork([open[0]!], [{ population: 0, think: 1, demands: [1, 1] }])
    expect(solved.open.response[0]).toBeCloseTo(openNetwork(1, open[0]!.demands).response, 12)
  })
})

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
