import type { Tally } from '../stats/tally.ts'
import type { Dist } from './summary.ts'

/** What a summary says of many values; absent when there are none. */
export function distOf(tally: Tally, censored = 0): Dist | undefined {
  if (tally.count === 0) return undefined
  const mean = tally.meanInterval()
  const p95 = tally.quantileInterval(0.95)
  return {
    mean: tally.mean,
    p50: tally.quantile(0.5),
    p90: tally.quantile(0.9),
    p95: tally.quantile(0.95),
    p99: tally.quantile(0.99),
    max: tally.max,
    count: tally.count,
    censored,
    ...(mean && p95 ? { ci95: { mean, p95 } } : {}),
  }
}

/** Each tally as a Dist under its name, those without values left out. */
export function distsOf<Name extends string>(
  tallies: Readonly<Record<Name, Tally>>,
): Partial<Record<Name, Dist>> {
  const known: Partial<Record<Name, Dist>> = {}
  for (const [name, tally] of Object.entries(tallies) as [Name, Tally][]) {
    const dist = distOf(tally)
    if (dist) known[name] = dist
  }
  return known
}
