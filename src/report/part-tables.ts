import { formatCount, formatMs, formatShare } from '../result/figure-text.ts'
import type { Dist, MetricValues, PartSummary, Summary } from '../result/summary.ts'
import { metricNames, metrics, type MetricName } from '../workload/metrics.ts'

/** Turns told apart: a row for each part, a column for each metric that is known of one, by its name in objectives. */
export interface PartTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** By the turn's place in its session and by scenario, where there is more than one of either. */
export function partTables({ turnIndexes, scenarios, phone }: Summary): PartTable[] {
  const names = phone ? shown.filter((name) => !ofText.has(name)) : shown
  const nameOf = (metric: string): string => (phone && metric === 'ttft' ? 'response' : metric)
  const tables = [...tableOf('turn', turnIndexes, names), ...tableOf('scenario', scenarios, names)]
  return tables.map((table) => ({ ...table, head: table.head.map(nameOf) }))
}

/** What answers that are heard have none of. */
const ofText: ReadonlySet<MetricName> = new Set(['tpot', 'itl', 'useful'])

const shown: readonly MetricName[] = metricNames.filter((name) => name !== 'errors' && name !== 'tokens')

function tableOf(
  title: string,
  parts: Readonly<Record<string, PartSummary>> | undefined,
  names: readonly MetricName[],
): PartTable[] {
  const all = Object.entries(parts ?? {}).filter(([, { metrics: values }]) => values !== undefined)
  if (all.length < 2) return []
  const known = names.filter((name) => all.some(([, { metrics: values }]) => tells(values!, name)))
  return [
    {
      title: `p95, by ${title}`,
      head: ['answered', 'errors', ...known],
      rows: all.map(([name, part]) => [
        name,
        formatCount(part.completed),
        formatShare(part.errorRate),
        ...known.map((metric) => cellOf(metric, part.metrics![metric])),
      ]),
    },
  ]
}

/** Refusals that nobody met are no column, and useful text that is the first anyway. */
function tells(values: MetricValues, name: MetricName): boolean {
  const value = values[name]
  if (!value) return false
  if (name === 'useful') return timeOf(value) !== timeOf(values.ttft)
  if (name !== 'refused' && name !== 'retries' && name !== 'lost') return true
  return 'share' in value ? value.share > 0 : value.mean > 0
}

const timeOf = (value: MetricValues[MetricName]): number | undefined =>
  value && 'p95' in value ? value.p95 : undefined

function cellOf(name: MetricName, value: MetricValues[MetricName]): string {
  if (!value) return '–'
  if ('share' in value) return formatShare(value.share)
  return metrics[name].unit === 'ms' ? timeText(value) : formatCount(value.mean)
}

/** The p95; at least that, where so many turns were given up. */
function timeText({ p95, censored = 0, count = 0 }: Dist): string {
  return `${censored > 0.05 * count ? '≥ ' : ''}${formatMs(p95)}`
}
