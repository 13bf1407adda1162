import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { inverseLowerGamma, logGamma, lowerGamma } from './incomplete-gamma.ts'

test.each([
  [1, 0],
  [2, 0],
  [5, Math.log(24)],
  [0.5, Math.log(Math.sqrt(Math.PI))],
  [0.1, 2.252712651734206],
  [101, 363.7393755555635],
])('ln Γ(%s) = %s', (x, value) => {
  expect(logGamma(x)).toBeCloseTo(value, 11)
})

// P(1, x) = 1 − e^−x; P(2, x) = 1 − (1 + x) e^−x; P(1/2, x) = erf(√x).
test.each([
  [1, 0.5, 1 - Math.exp(-0.5)],
  [2, 3, 1 - 4 * Math.exp(-3)],
  [2, 0.2, 1 - 1.2 * Math.exp(-0.2)],
  [0.5, 1, 0.8427007929497149],
  [3, 50, 1 - (1 + 50 + 1250) * Math.exp(-50)],
])('P(%s, %s) = %s', (a, x, value) => {
  expect(lowerGamma(a, x)).toBeCloseTo(value, 13)
})

test('the inverse undoes it, for shapes of cv 0.05 to 7', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.02, max: 400, noNaN: true }),
      fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
      (a, p) => {
        const x = inverseLowerGamma(a, p)
        if (x > 1e-290) expect(Math.abs(lowerGamma(a, x) - p)).toBeLessThan(1e-10)
      },
    ),
    { numRuns: 1000 },
  )
})
