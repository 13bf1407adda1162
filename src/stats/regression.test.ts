import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineCrossing, logisticRegression, logit, type Regression, weightedRegression } from './regression.ts'

/** What `weightedRegression` says of a line, by name. */
function lineOf(points: readonly { x: number; y: number; weight: number; trust?: number }[]) {
  return named(weightedRegression(points.map(({ x, ...point }) => ({ ...point, terms: [1, x] })))!)
}

function named({ coefficients, covariance, chiSquare }: Regression) {
  return {
    intercept: coefficients[0]!,
    slope: coefficients[1]!,
    interceptVariance: covariance[0]![0]!,
    slopeVariance: covariance[1]![1]!,
    jointVariance: covariance[0]![1]!,
    chiSquare,
  }
}

describe('weighted regression', () => {
  test('through points on a line, with the textbook variances', () => {
    const line = lineOf([0, 1, 2].map((x) => ({ x, y: 1 + 2 * x, weight: 1 })))
    expect(line.intercept).toBeCloseTo(1, 12)
    expect(line.slope).toBeCloseTo(2, 12)
    expect(line.chiSquare).toBeCloseTo(0, 12)
    // 1/n + x̄²/Sxx, 1/Sxx, −x̄/Sxx with n = 3, x̄ = 1, Sxx = 2.
    expect(line.interceptVariance).toBeCloseTo(1 / 3 + 1 / 2, 12)
    expect(line.slopeVariance).toBeCloseTo(1 / 2, 12)
    expect(line.jointVariance).toBeCloseTo(-1 / 2, 12)
  })

  test('a parabola is met exactly', () => {
    const points = [-1, 0, 2, 3].map((x) => ({ terms: [1, x, x * x], y: 4 - x + 0.5 * x * x, weight: 7 }))
    const { coefficients } = weightedRegression(points)!
    for (const [i, expected] of [4, -1, 0.5].entries()) expect(coefficients[i]).toBeCloseTo(expected, 12)
  })

  test('a point of weight 2 counts as two', () => {
    const [a, b, c] = [
      { x: 0, y: 1, weight: 1 },
      { x: 1, y: 5, weight: 1 },
      { x: 3, y: 4, weight: 1 },
    ] as const
    const twice = lineOf([a, b, b, c])
    const heavy = lineOf([a, { ...b, weight: 2 }, c])
    expect(heavy.slope).toBeCloseTo(twice.slope, 12)
    expect(heavy.interceptVariance).toBeCloseTo(twice.interceptVariance, 12)
    expect(heavy.chiSquare).toBeCloseTo(twice.chiSquare, 12)
  })

  test('less trust in all alike changes neither line nor variance, no trust leaves a point out', () => {
    const points = [0, 1, 2, 5].map((x) => ({ x, y: Math.sqrt(x), weight: 3 }))
    const line = lineOf(points)
    const doubted = lineOf(points.map((point) => ({ ...point, trust: 0.3 })))
    expect(doubted.slope).toBeCloseTo(line.slope, 12)
    expect(doubted.interceptVariance).toBeCloseTo(line.interceptVariance, 12)
    expect(doubted.jointVariance).toBeCloseTo(line.jointVariance, 12)
    const without = lineOf([...points, { x: 9, y: 100, weight: 3, trust: 0 }])
    expect(without.slope).toBeCloseTo(line.slope, 12)
    expect(without.slopeVariance).toBeCloseTo(line.slopeVariance, 12)
  })

  test('what is known beforehand is one more observation', () => {
    // A mean of 4 values about 10, and one of 0 that is worth as many.
    const points = [9, 10, 10, 11].map((y) => ({ terms: [1], y, weight: 1 }))
    const { coefficients, covariance } = weightedRegression(points, [4])!
    expect(coefficients[0]).toBeCloseTo(5, 12)
    expect(covariance[0]![0]).toBeCloseTo(1 / 8, 12)
  })

  test.each([
    ['a line through one x', [7, 7, 7].map((x, y) => ({ terms: [1, x], y, weight: 1 }))],
    ['a parabola through two', [1, 2, 2].map((x, y) => ({ terms: [1, x, x * x], y, weight: 1 }))],
    ['nothing', []],
  ])('none for %s', (_, points) => {
    expect(weightedRegression(points)).toBeUndefined()
  })
})

describe('logistic regression', () => {
  test('two points are met exactly, with the variance of a two by two table', () => {
    const fit = logisticRegression([
      { terms: [1, 0], share: 0.2, count: 50 },
      { terms: [1, 1], share: 0.6, count: 30 },
    ])
    const line = named(fit!)
    expect(line.intercept).toBeCloseTo(logit(0.2), 9)
    expect(line.slope).toBeCloseTo(logit(0.6) - logit(0.2), 9)
    expect(line.interceptVariance).toBeCloseTo(1 / (50 * 0.2 * 0.8), 9)
    expect(line.slopeVariance).toBeCloseTo(1 / (50 * 0.2 * 0.8) + 1 / (30 * 0.6 * 0.4), 9)
    expect(line.jointVariance).toBeCloseTo(-1 / (50 * 0.2 * 0.8), 9)
  })

  test('beetles killed by carbon disulphide, as published', () => {
    // Bliss (1935); Dobson & Barnett, An Introduction to Generalized Linear Models, table 7.2 and §7.3.1.
    const doses = [1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.861, 1.8839]
    const beetles = [59, 60, 62, 56, 63, 59, 62, 60]
    const killed = [6, 13, 18, 28, 52, 53, 61, 60]
    const fit = logisticRegression(
      doses.map((x, i) => ({ terms: [1, x], share: killed[i]! / beetles[i]!, count: beetles[i]! })),
    )!
    const line = named(fit)
    expect(line.intercept).toBeCloseTo(-60.72, 2)
    expect(line.slope).toBeCloseTo(34.27, 2)
    expect(Math.sqrt(line.interceptVariance)).toBeCloseTo(5.18, 2)
    expect(Math.sqrt(line.slopeVariance)).toBeCloseTo(2.91, 2)
    // The dose that kills half.
    expect(lineCrossing(fit, 0, 1.96).x).toBeCloseTo(1.7717, 4)
  })

  test.each([
    ['one x', [0.1, 0.3].map((share) => ({ terms: [1, 4], share, count: 10 }))],
    [
      'shares that a threshold separates',
      [0, 0, 1, 1].map((share, x) => ({ terms: [1, x], share, count: 10 })),
    ],
  ])('none through %s', (_, points) => {
    expect(logisticRegression(points)).toBeUndefined()
  })
})

describe('crossing', () => {
  test('with a slope known exactly the interval is symmetric', () => {
    const line = {
      coefficients: [1, 2],
      covariance: [
        [0.04, 0],
        [0, 0],
      ],
    }
    const { x, low, high } = lineCrossing(line, 5, 2)
    expect(x).toBe(2)
    expect(low).toBeCloseTo(1.8, 12)
    expect(high).toBeCloseTo(2.2, 12)
  })

  test('without a slope told from zero it is endless', () => {
    const line = {
      coefficients: [1, 2],
      covariance: [
        [0, 0],
        [0, 1.1],
      ],
    }
    expect(lineCrossing(line, 5, 2)).toEqual({ x: 2, low: -Infinity, high: Infinity })
  })

  test('its ends are where the line is `width` standard errors from the value', () => {
    const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(finite(0, 10), finite(-0.5, 0.5)), { minLength: 4, maxLength: 9 }),
        finite(0, 40),
        (rows, y) => {
          const line = weightedRegression(
            rows.map(([x, error]) => ({ terms: [1, x], y: 3 * x + error, weight: 20 })),
          )
          fc.pre(line !== undefined)
          const { low, high } = lineCrossing(line, y, 1.96)
          fc.pre(Number.isFinite(low) && high - low > 1e-3 && high - low < 1e3)
          const at = named(line)
          for (const x of [low, high]) {
            const error = Math.sqrt(
              at.interceptVariance + 2 * x * at.jointVariance + x * x * at.slopeVariance,
            )
            expect(Math.abs(at.intercept + at.slope * x - y) / error).toBeCloseTo(1.96, 5)
          }
        },
      ),
      { seed: 1 },
    )
  })
})
