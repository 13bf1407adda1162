import type { SeriesPoint, Summary } from '../../result/summary.ts'
import type { ChartSeries, ChartSpec } from './chart-spec.ts'

type Pick = (point: SeriesPoint) => number | undefined

/** How a measured run went over its time: latency, throughput, refusals. */
export function seriesCharts(summary: Summary | undefined): ChartSpec[] {
  const points = summary?.series ?? []
  if (points.length < 2) return []
  const inMinutes = (points.at(-1)?.atMs ?? 0) >= 180_000
  const xs = points.map((point) => point.atMs / (inMinutes ? 60_000 : 1000))
  const xLabel = inMinutes ? 'minutes' : 'seconds'
  const line = (
    label: string,
    color: string,
    style: ChartSeries['style'],
    pick: Pick,
    factor = 1,
  ): ChartSeries[] => {
    const values = points.map((point) => {
      const value = pick(point)
      return value === undefined || !Number.isFinite(value) ? null : value * factor
    })
    return values.every((value) => value === null) ? [] : [{ label, color, style, values }]
  }
  const chart = (id: string, title: string, yUnit: string, series: readonly ChartSeries[][]): ChartSpec => ({
    id: `time-${id}`,
    title,
    xLabel,
    yLabel: yUnit === 's' ? 'seconds' : yUnit || 'count',
    yUnit,
    xs,
    series: series.flat(),
  })
  const slow = points.some((point) => (point.turnP95Ms ?? 0) >= 1500)
  const factor = slow ? 1e-3 : 1
  const charts = [
    chart('turn', 'Turn time', slow ? 's' : 'ms', [
      line('p95', 'measured', 'line', (point) => point.turnP95Ms, factor),
      line('p50', 'measured', 'thin', (point) => point.turnP50Ms, factor),
    ]),
    chart('throughput', 'Completed turns a second', 'turns/s', [
      line('turns/s', 'measured', 'line', (point) => point.turnsPerSecond),
    ]),
    chart('flight', 'Model calls in flight', '', [
      line('calls in flight', 'measured', 'line', (point) => point.callsInFlight),
    ]),
    chart('refused', 'Refusals and errors', '', [
      line('429s from the model', 'simulated', 'dashed', (point) => point.rateLimited),
      line('errors', 'bad', 'line', (point) => point.errors),
    ]),
  ]
  const users = chart('users', 'Users at once', '', [
    line('users', 'measured', 'line', (point) => point.users),
  ])
  const isSteady = new Set(points.map((point) => point.users)).size === 1
  return [...charts, ...(isSteady ? [] : [users])].filter((spec) => spec.series.length > 0)
}
