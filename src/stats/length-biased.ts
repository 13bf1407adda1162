import type { Distribution } from './distribution.ts'

const steps = 4096

/**
 * The inverse distribution function of a quantity as an observer at a random instant meets it: long ones in
 * proportion to their length (the inspection paradox; Feller II, §I.4). By the inverse of the Lorenz curve of the
 * quantiles; what is below zero counts as zero.
 */
export function lengthBiased(distribution: Distribution): (u: number) => number {
  const quantile = (p: number): number => Math.max(0, distribution.quantile(p))
  const lorenz = new Float64Array(steps + 1)
  for (let i = 0; i < steps; i++) lorenz[i + 1] = lorenz[i]! + quantile((i + 0.5) / steps)
  const total = lorenz[steps]!
  if (!(total > 0)) return () => 0
  return (u) => {
    const target = u * total
    let low = 0
    let high = steps
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (lorenz[middle]! <= target) low = middle
      else high = middle
    }
    const within = (target - lorenz[low]!) / (lorenz[high]! - lorenz[low]!)
    const p = (low + within) / steps
    return quantile(Math.min(1 - 0.5 / steps, Math.max(0.5 / steps, p)))
  }
}
