import type { Arrivals } from '../workload/arrivals.ts'

/**
 * Squared coefficient of variation of the gaps between turns, 1 for a Poisson process. Only the first turn of a
 * session comes with its arrival; the others come after thinking, much as at random, so that what the arrivals are
 * beyond or below Poisson counts for one turn in so many (as in the queueing network analyzer, Whitt 1983, §4.2).
 */
export function arrivalScv(arrivals: Arrivals | undefined, turnsPerSession: number): number {
  if (!arrivals) return 1
  return 1 + (gapScv(arrivals) - 1) / turnsPerSession
}

function gapScv(arrivals: Arrivals): number {
  if (arrivals.kind === 'renewal') return arrivals.gap.variance / arrivals.gap.mean ** 2
  const { atMs, periodMs } = arrivals
  const meanMs = periodMs / atMs.length
  let squares = (periodMs - atMs.at(-1)! - meanMs) ** 2
  for (let i = 1; i < atMs.length; i++) squares += (atMs[i]! - atMs[i - 1]! - meanMs) ** 2
  return squares / atMs.length / meanMs ** 2
}
