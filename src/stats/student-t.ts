import { normalQuantile } from './normal-quantile.ts'

/**
 * The quantile of Student's t from the normal one by the expansion of Fisher and Cornish (Abramowitz & Stegun
 * 26.7.5): within 0.1 % from 5 degrees of freedom on, at the usual 95 % and 99 %.
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  const z = normalQuantile(p)
  const v = degreesOfFreedom
  return (
    z +
    (z ** 3 + z) / (4 * v) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92160 * v ** 4)
  )
}
