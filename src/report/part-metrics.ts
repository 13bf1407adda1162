import type { Dist, MetricValues, PartSummary, Summary } from '../result/summary.ts'
import { metricNames, metrics, type MetricName } from '../workload/metrics.ts'
import type { Metric } from './metrics.ts'

type Labels = Readonly<Record<string, string>>

/** Names that were there before the catalogue; the others follow from it. */
const machineNames: Partial<Record<MetricName, string>> = {
  turn: 'turn_duration_seconds',
  intended: 'turn_intended_duration_seconds',
  itl: 'inter_token_seconds',
  errors: 'error_share',
  tokens: 'answer_tokens',
}

const suffixes = { ms: '_seconds', share: '_share', count: '' } as const

/** Every metric of the catalogue, over all turns and by scenario and place in the session. */
export function partMetrics(summary: Summary, labels: Labels): Metric[] {
  return [
    ...valuesOf(wholeOf(summary), labels),
    ...ofParts(summary.scenarios, labels, 'scenario'),
    ...ofParts(summary.turnIndexes, labels, 'turn'),
  ]
}

/** What every engine tells, and more where turns were played. */
function wholeOf({ latency, all, sessions }: Summary): MetricValues {
  const { turnMs, ttftMs, interTokenMs, intendedTurnMs } = latency
  return {
    ...(turnMs ? { turn: turnMs } : {}),
    ...(intendedTurnMs ? { intended: intendedTurnMs } : {}),
    ...(ttftMs ? { ttft: ttftMs } : {}),
    ...(interTokenMs ? { itl: interTokenMs } : {}),
    ...all?.metrics,
    ...(sessions?.durationMs ? { session: sessions.durationMs } : {}),
  }
}

function ofParts(
  parts: Readonly<Record<string, PartSummary>> | undefined,
  labels: Labels,
  label: string,
): Metric[] {
  const all = Object.entries(parts ?? {})
  return all.length < 2
    ? []
    : all.flatMap(([name, part]) => valuesOf(part.metrics ?? {}, { ...labels, [label]: name }))
}

function valuesOf(values: MetricValues, labels: Labels): Metric[] {
  return metricNames.flatMap((name): Metric[] => {
    const value = values[name]
    if (!value) return []
    const { unit, help } = metrics[name]
    const of = { name: machineNames[name] ?? `${name}${suffixes[unit]}`, help }
    if ('share' in value) {
      // Of all turns the rate of errors is told by every engine, on its own.
      const { share, low, high } = value
      return [{ ...of, unit: '1', labels, value: share, low, high }]
    }
    return unit === 'ms'
      ? statistics({ ...of, unit: 's' }, labels, value, 1000)
      : statistics({ ...of, unit: '1' }, labels, value, 1)
  })
}

function statistics(
  of: Pick<Metric, 'name' | 'help' | 'unit'>,
  labels: Labels,
  { mean, p50, p90, p95, p99, ci95 }: Dist,
  scale: number,
): Metric[] {
  const one = (statistic: string, value: number, interval?: readonly [number, number]): Metric => ({
    ...of,
    labels: { ...labels, statistic },
    value: value / scale,
    ...(interval && interval.every(Number.isFinite)
      ? { low: interval[0] / scale, high: interval[1] / scale }
      : {}),
  })
  return [
    one('mean', mean, ci95?.mean),
    one('p50', p50),
    one('p90', p90),
    one('p95', p95, ci95?.p95),
    one('p99', p99),
  ]
}
