import type { SeriesPoint, Summary } from '../../result/summary.ts'
import type { ChartSeries, ChartSpec } from './chart-spec.ts'

type Pick = (point: SeriesPoint) => number | undefined

const timeUnits: readonly [label: string, unitMs: number, fromMs: number][] = [
  ['hours', 3_600_000, 36_000_000],
  ['minutes', 60_000, 180_000],
  ['seconds', 1000, 0],
]

/** How a run went over its time: latency, throughput, what is under way and waits (on average, and at most), the quota, refusals. */
export function seriesCharts(summary: Summary | undefined): ChartSpec[] {
  const points = summary?.series ?? []
  if (points.length < 2) return []
  const lastMs = points.at(-1)?.atMs ?? 0
  const [xLabel, unitMs] = timeUnits.find(([, , fromMs]) => lastMs >= fromMs) ?? timeUnits.at(-1)!
  const warmupMs = summary?.window?.warmupMs ?? 0
  const xs = points.map((point) => point.atMs / unitMs)
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
    ...(warmupMs > 0 && { countedFrom: warmupMs / unitMs }),
  })
  const slow = points.some((point) => (point.turnP95Ms ?? 0) >= 1500)
  const factor = slow ? 1e-3 : 1
  // The colour of who answered; a second line beside it takes the other one.
  const [own, other] = summary?.origin === 'measured' ? ['measured', 'simulated'] : ['simulated', 'measured']
  const isOfCalls = points.some(({ phone }) => phone !== undefined)
  const ofCalls = [
    chart('response', 'Response, to the first sound', 's', [
      line('p95', own, 'line', ({ phone }) => phone?.responseP95Ms, 1e-3),
      line('p50', own, 'thin', ({ phone }) => phone?.responseP50Ms, 1e-3),
    ]),
    chart('line', 'Calls on the line', 'calls', [
      line('calls', own, 'line', ({ phone }) => phone?.onTheLine),
    ]),
    chart('lost', 'Calls lost', '', [
      line('busy tone', other, 'dashed', ({ phone }) => phone?.blocked),
      line('abandoned, dropped or not taken', 'bad', 'line', ({ phone }) => phone?.lost),
    ]),
  ]
  const charts = [
    ...(isOfCalls ? ofCalls : []),
    chart('turn', isOfCalls ? 'Turn, to the end of the answer' : 'Turn time', slow ? 's' : 'ms', [
      line('p95', own, 'line', (point) => point.turnP95Ms, factor),
      line('p50', own, 'thin', (point) => point.turnP50Ms, factor),
    ]),
    chart('throughput', 'Completed turns a second', 'turns/s', [
      line('turns/s', own, 'line', (point) => point.turnsPerSecond),
    ]),
    chart('flight', 'In flight', '', [
      line('turns', own, 'line', (point) => point.turnsInFlight),
      line('turns, highest', own, 'thin', ({ highest }) => highest?.turnsInFlight),
      line('model calls', other, 'dashed', (point) => point.callsInFlight),
      line('model calls, highest', other, 'thin-dashed', ({ highest }) => highest?.callsInFlight),
    ]),
    chart('waiting', 'Turns waiting for a slot', 'turns', [
      line('waiting', own, 'line', (point) => point.waiting),
      line('highest', own, 'thin', ({ highest }) => highest?.waiting),
    ]),
    chart('quota', 'Fullest quota, share in use', '%', [
      line('in use', own, 'line', (point) => point.quotaUsed, 100),
      line('highest', own, 'thin', ({ highest }) => highest?.quotaUsed, 100),
    ]),
    chart('refused', 'Refusals and errors', '', [
      line('429s from the model', other, 'dashed', (point) => point.rateLimited),
      line('errors', 'bad', 'line', (point) => point.errors),
    ]),
  ]
  const users = chart('users', isOfCalls ? 'Calls offered a second' : 'Users at once', '', [
    line(isOfCalls ? 'calls/s' : 'users', own, 'line', (point) => point.users),
  ])
  // In a simulation they are the calls on the line, which are drawn above.
  const isDrawn = isOfCalls && summary?.origin !== 'measured'
  const isSteady = isDrawn || new Set(points.map((point) => point.users)).size === 1
  return [...charts, ...(isSteady ? [] : [users])].filter((spec) => spec.series.length > 0)
}
