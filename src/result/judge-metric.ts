import type { Tally } from '../stats/tally.ts'
import { isKept, type MetricThreshold } from '../workload/metric-threshold.ts'
import type { Interval } from '../stats/interval.ts'
import { isWithin, restOf } from './judge.ts'
import type { ScriptSample } from './records.ts'
import type { ObjectiveResult } from './summary.ts'

/** What a threshold on a script's measure may ask of it. */
export interface ScriptValues {
  readonly kind: ScriptSample['kind']
  /** Of a trend. */
  readonly values: Tally
  /** Of a check or a rate: 1 where it was not so. */
  readonly misses: Tally
  readonly sum: number
  readonly min: number
}

/** A script's measure against its threshold; undecided where nobody noted it, or it is of another kind. */
export function judgeMetric(threshold: MetricThreshold, seen: ScriptValues | undefined): ObjectiveResult {
  const { text, statistic } = threshold
  if (!seen) return { text, pass: 'undecided' }
  const isShare = seen.kind === 'check' || seen.kind === 'rate'
  if (isShare)
    return statistic.kind === 'rate' ? judgeShare(threshold, seen.misses) : { text, pass: 'undecided' }
  if (seen.kind === 'count')
    return statistic.kind === 'count' ? judgeValue(threshold, seen.sum) : { text, pass: 'undecided' }
  return judgeTrend(threshold, seen)
}

function judgeShare({ text, sign, limit }: MetricThreshold, misses: Tally): ObjectiveResult {
  const isLeast = sign.startsWith('>')
  const { effectiveCount, ...missed } = misses.shareAbove(0)
  const kept = restOf(missed)
  const seen = { text, value: kept.share, low: kept.low, high: kept.high, limit, unit: 'share' } as const
  // Where not one may be otherwise, one decides, however few there are.
  if (isLeast && limit >= 1) return { ...seen, pass: missed.share === 0 }
  const exceeded = { ...(isLeast ? missed : kept), effectiveCount, allowed: isLeast ? 1 - limit : limit }
  return { ...seen, exceeded, pass: isWithin(exceeded) }
}

function judgeTrend(threshold: MetricThreshold, { values, min }: ScriptValues): ObjectiveResult {
  const { text, statistic } = threshold
  switch (statistic.kind) {
    case 'percentile':
      return judgeValue(threshold, values.quantile(statistic.share), values.quantileInterval(statistic.share))
    case 'mean':
      return judgeValue(threshold, values.mean, values.meanInterval())
    case 'min':
      return judgeValue(threshold, min)
    case 'max':
      return judgeValue(threshold, values.max)
    case 'count':
      return judgeValue(threshold, values.count)
    case 'rate':
      return { text, pass: 'undecided' }
    default:
      return statistic satisfies never
  }
}

function judgeValue(threshold: MetricThreshold, value: number, interval?: Interval): ObjectiveResult {
  const { text, sign, limit } = threshold
  const range = interval ? { low: interval[0], high: interval[1] } : {}
  // A search reads a limit as what a value should stay below.
  const most = sign.startsWith('<') ? { limit } : {}
  return { text, value, ...range, ...most, unit: 'count', pass: isKept(threshold, value) }
}
