import type { Interval } from '../stats/interval.ts'
import type { ObjectiveResult } from './summary.ts'
import type { Share } from '../stats/tally.ts'
import { metrics } from '../workload/metrics.ts'
import type { Objective } from '../workload/workload.ts'

/** What an objective may ask of the turns that it is about. */
export interface Judged {
  readonly count: number
  readonly mean: number
  quantile(p: number): number
  meanInterval(): Interval | undefined
  quantileInterval(p: number): Interval | undefined
  shareAbove(limit: number): Share
}

/** A percentile of values, or their mean, against the objective's limit. */
export function judgeTimes(objective: Objective, times: Judged): ObjectiveResult {
  const { text, metric, statistic, limit } = objective
  if (times.count === 0) return { text, metric, pass: 'undecided' }
  if (statistic.kind !== 'percentile') {
    const value = times.mean
    return { text, metric, value, ...bounds(times.meanInterval()), limit, pass: value < limit }
  }
  const exceeded = { ...times.shareAbove(limit), allowed: 1 - statistic.share }
  const value = times.quantile(statistic.share)
  const interval = bounds(times.quantileInterval(statistic.share))
  return { text, metric, value, ...interval, limit, exceeded, pass: isWithin(exceeded) }
}

/** The share of all others, with its interval. */
export function restOf({ share, low, high }: Omit<Share, 'effectiveCount'>): Omit<Share, 'effectiveCount'> {
  return { share: 1 - share, low: 1 - high, high: 1 - low }
}

/** A share of what came about against the objective's limit: more of it is better or worse, as its metric says. */
export function judgeOccurrence(
  objective: Objective,
  { effectiveCount, ...seen }: Share,
  count: number,
): ObjectiveResult {
  const isWanted = metrics[objective.metric].better === 'higher'
  return judgeShare(objective, { ...(isWanted ? restOf(seen) : seen), effectiveCount }, count)
}

/** A share of turns against the objective's limit; `against` is that of the turns that count against it. */
export function judgeShare(
  { text, metric, limit }: Objective,
  against: Share,
  count: number,
): ObjectiveResult {
  if (count === 0) return { text, metric, pass: 'undecided' }
  const isGood = metrics[metric].better === 'higher'
  const exceeded = { ...against, allowed: isGood ? 1 - limit : limit }
  const { share: value, low, high } = isGood ? restOf(against) : against
  return {
    text,
    metric,
    value,
    low,
    high,
    limit,
    exceeded,
    pass: isWithin(exceeded),
  }
}

/**
 * The share seen decides, unless the turns are too few for one of them to be allowed beyond the limit (3 turns say
 * nothing of a p95): then only an interval that lies wholly beyond is a miss, and all else is undecided.
 */
export function isWithin(exceeded: Share & { readonly allowed: number }): boolean | 'undecided' {
  const { share, low, allowed, effectiveCount } = exceeded
  if (effectiveCount * allowed < 1) return low > allowed ? false : 'undecided'
  return share <= allowed
}

function bounds(interval: Interval | undefined): { low?: number; high?: number } {
  return interval ? { low: interval[0], high: interval[1] } : {}
}
