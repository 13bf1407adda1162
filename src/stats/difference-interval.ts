import type { Interval } from './interval.ts'

/**
 * The 95 % interval of `after - before` from the 95 % intervals of two independent estimates (MOVER: Zou & Donner,
 * Statistics in Medicine 27, 2008, eq. 3). Of two means with symmetric intervals it is Welch's up to the degrees of
 * freedom, of two shares with Wilson's intervals it is Newcombe's; neither interval need be symmetric.
 */
export function differenceInterval(
  before: { readonly value: number; readonly interval: Interval },
  after: { readonly value: number; readonly interval: Interval },
): Interval {
  const difference = after.value - before.value
  const [beforeLow, beforeHigh] = before.interval
  const [afterLow, afterHigh] = after.interval
  return [
    difference - Math.hypot(after.value - afterLow, beforeHigh - before.value),
    difference + Math.hypot(afterHigh - after.value, before.value - beforeLow),
  ]
}
