import type { Interval } from './interval.ts'

/**
 * The interval of a share seen in `count` independent trials (Wilson 1927): honest near 0 and 1, where the normal one
 * is not. `z` is how many standard errors wide: 95 % unless told. Nothing is known without trials: 0 to 1.
 */
export function wilsonInterval(share: number, count: number, z = 1.959963984540054): Interval {
  if (!(count > 0)) return [0, 1]
  const square = (z * z) / count
  const centre = (share + square / 2) / (1 + square)
  const half = (z * Math.sqrt((share * (1 - share) + square / 4) / count)) / (1 + square)
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}
