import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineCrossing, logisticLine, logit, weightedLine } from './regression.ts'

describe('weighted line', () => {
  test('through points on a line, with the textbook variances', () => {
    const line = weightedLine([0, 1, 2].map((x) => ({ x, y: 1 + 2 * x, weight: 1 })))!
    expect(line.intercept).toBeCloseTo(1, 12)
    expect(line.slope).toBeCloseTo(2, 12)
    expect(line.chiSquare).toBeCloseTo(0, 12)
    // 1/n + x̄²/Sxx, 1/Sxx, −x̄/Sxx with n = 3, x̄ = 1, Sxx = 2.
    expect(line.variance.intercept).toBeCloseTo(1 / 3 + 1 / 2, 12)
    expect(line.variance.slope).toBeCloseTo(1 / 2, 12)
    expect(line.variance.covariance).toBeCloseTo(-1 / 2, 12)
  })

  test('a point of weight 2 counts as two', () => {
    const [a, b, c] = [
      { x: 0, y: 1, weight: 1 },
      { x: 1, y: 5, weight: 1 },
      { x: 3, y: 4, weight: 1 },
    ] as const
    const twice = weightedLine([a, b, b, c])!
    const heavy = weightedLine([a, { ...b, weight: 2 }, c])!
    expect(heavy.slope).toBeCloseTo(twice.slope, 12)
    expect(heavy.variance.intercept).toBeCloseTo(twice.variance.intercept, 12)
    expect(heavy.chiSquare).toBeCloseTo(twice.chiSquare, 12)
  })

  test('less trust in all alike changes neither line nor variance, no trust leaves a point out', () => {
    const points = [0, 1, 2, 5].map((x) => ({ x, y: Math.sqrt(x), weight: 3 }))
    const line = weightedLine(points)!
    const doubted = weightedLine(points.map((point) => ({ ...point, trust: 0.3 })))!
    expect(doubted.slope).toBeCloseTo(line.slope, 12)
    expect(doubted.variance.intercept).toBeCloseTo(line.variance.intercept, 12)
    expect(doubted.variance.covariance).toBeCloseTo(line.variance.covariance, 12)
    const without = weightedLine([...points, { x: 9, y: 100, weight: 3, trust: 0 }])!
    expect(without.slope).toBeCloseTo(line.slope, 12)
    expect(without.variance.slope).toBeCloseTo(line.variance.slope, 12)
  })

  test('none through one x', () => {
    expect(weightedLine([7, 7, 7].map((x, y) => ({ x, y, weight: 1 })))).toBeUndefined()
  })
})

describe('logistic line', () => {
  test('two points are met exactly, with the variance of a two by two table', () => {
    const line = logisticLine([
      { x: 0, share: 0.2, count: 50 },
      { x: 1, share: 0.6, count: 30 },
    ])!
    expect(line.intercept).toBeCloseTo(logit(0.2), 9)
    expect(line.slope).toBeCloseTo(logit(0.6) - logit(0.2), 9)
    expect(line.variance.intercept).toBeCloseTo(1 / (50 * 0.2 * 0.8), 9)
    expect(line.variance.slope).toBeCloseTo(1 / (50 * 0.2 * 0.8) + 1 / (30 * 0.6 * 0.4), 9)
    expect(line.variance.covariance).toBeCloseTo(-1 / (50 * 0.2 * 0.8), 9)
  })

  test('beetles killed by carbon disulphide, as published', () => {
    // Bliss (1935); Dobson & Barnett, An Introduction to Generalized Linear Models, table 7.2 and §7.3.1.
    const doses = [1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.861, 1.8839]
    const beetles = [59, 60, 62, 56, 63, 59, 62, 60]
    const killed = [6, 13, 18, 28, 52, 53, 61, 60]
    const line = logisticLine(
      doses.map((x, i) => ({ x, share: killed[i]! / beetles[i]!, count: beetles[i]! })),
    )!
    expect(line.intercept).toBeCloseTo(-60.72, 2)
    expect(line.slope).toBeCloseTo(34.27, 2)
    expect(Math.sqrt(line.variance.intercept)).toBeCloseTo(5.18, 2)
    expect(Math.sqrt(line.variance.slope)).toBeCloseTo(2.91, 2)
    // The dose that kills half.
    expect(lineCrossing(line, 0, 1.96).x).toBeCloseTo(1.7717, 4)
  })

  test.each([
    ['one x', [0.1, 0.3].map((share) => ({ x: 4, share, count: 10 }))],
    ['shares that a threshold separates', [0, 0, 1, 1].map((share, x) => ({ x, share, count: 10 }))],
  ])('none through %s', (_, points) => {
    expect(logisticLine(points)).toBeUndefined()
  })
})

describe('crossing', () => {
  const exact = { slope: 2, intercept: 1, chiSquare: 0 }

  test('with a slope known exactly the interval is symmetric', () => {
    const line = { ...exact, variance: { intercept: 0.04, slope: 0, covariance: 0 } }
    const { x, low, high } = lineCrossing(line, 5, 2)
    expect(x).toBe(2)
    expect(low).toBeCloseTo(1.8, 12)
    expect(high).toBeCloseTo(2.2, 12)
  })

  test('without a slope told from zero it is endless', () => {
    const line = { ...exact, variance: { intercept: 0, slope: 1.1, covariance: 0 } }
    expect(lineCrossing(line, 5, 2)).toEqual({ x: 2, low: -Infinity, high: Infinity })
  })

  test('its ends are where the line is `width` standard errors from the value', () => {
    const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(finite(0, 10), finite(-0.5, 0.5)), { minLength: 4, maxLength: 9 }),
        finite(0, 40),
        (rows, y) => {
          const line = weightedLine(rows.map(([x, error]) => ({ x, y: 3 * x + error, weight: 20 })))
          fc.pre(line !== undefined)
          const { low, high } = lineCrossing(line, y, 1.96)
          fc.pre(Number.isFinite(low) && high - low > 1e-3 && high - low < 1e3)
          const { intercept, slope, variance } = line
          for (const x of [low, high]) {
            const error = Math.sqrt(variance.intercept + 2 * x * variance.covariance + x * x * variance.slope)
            expect(Math.abs(intercept + slope * x - y) / error).toBeCloseTo(1.96, 5)
          }
        },
      ),
      { seed: 1 },
    )
  })
})
