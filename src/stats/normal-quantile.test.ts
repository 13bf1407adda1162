import { expect, test } from 'vitest'
import { normalQuantile } from './normal-quantile.ts'

// The published check values of AS 241, and further quantiles from standard tables.
test.each([
  [0.25, -0.67448975019608],
  [0.001, -3.090232306167814],
  [1e-20, -9.26234008979841],
  [0.975, 1.959963984540054],
  [0.95, 1.6448536269514722],
  [0.5, 0],
])('of %s is %s', (p, z) => {
  expect(normalQuantile(p)).toBeCloseTo(z, 12)
})
