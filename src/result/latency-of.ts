import type { MetricName } from '../workload/metrics.ts'
import type { Dist, MetricValues, Summary } from './summary.ts'

/** The times of all turns under the names that they had before the catalogue. */
export function latencyOf(values: MetricValues = {}): Summary['latency'] {
  const { turn, ttft, useful, itl, tpot, intended } = values as Readonly<Partial<Record<MetricName, Dist>>>
  return {
    ...(turn ? { turnMs: turn } : {}),
    ...(ttft ? { ttftMs: ttft } : {}),
    ...(useful ? { usefulMs: useful } : {}),
    ...(itl ? { interTokenMs: itl } : {}),
    ...(tpot ? { tpotMs: tpot } : {}),
    ...(intended ? { intendedTurnMs: intended } : {}),
  }
}
