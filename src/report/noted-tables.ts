import { formatBytes, formatCount, formatMs, formatRange, formatShare } from '../result/figure-text.ts'
import type { CustomMetric, ScriptSummary, ShareSummary } from '../result/script-summary.ts'
import type { GoldenPair, GoldenShare, GoldenSummary } from '../result/golden.ts'
import type { SoakSummary } from '../result/soak.ts'
import type { Summary } from '../result/summary.ts'

/** What was noted beside the turns, a table for each kind: the first column names, the others are figures. */
export interface NotedTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Rows in which something is not as it should be. */
  readonly missed: readonly number[]
}

/** Checks, measures and tagged turns of scripts, in the words of every report. */
export function notedTables({ script, soak, golden }: Summary): NotedTable[] {
  const scripted = script ? [...checks(script), ...trends(script), ...others(script), ...tags(script)] : []
  return [...scripted, ...(golden ? goldenTables(golden) : []), ...(soak ? [soaked(soak)] : [])]
}

/** How many answers were right, idle and under load. */
function goldenTables({ all, slices, worse }: GoldenSummary): NotedTable[] {
  const pairs: [string, GoldenPair][] = [['all', all], ...Object.entries(slices)]
  const share = ({ share, ci95, answers }: GoldenShare): string =>
    answers === 0
      ? '–'
      : `${formatShare(share)} (${formatRange(ci95, formatShare)}) of ${formatCount(answers)}`
  const rows = pairs.map(([name, { idle, load, drop, dropCi95 }]) => [
    name,
    share(idle),
    share(load),
    load.answers === 0 || idle.answers === 0 ? '–' : `${fewer(drop)} (${formatRange(dropCi95, fewer)})`,
  ])
  const missed = pairs.flatMap(([, { dropCi95 }], row) => (dropCi95[0] > 0 ? [row] : []))
  return [
    ...titled('golden answers', ['right, idle', 'right, under load', 'fewer under load'], rows, missed),
    ...titled(
      'right less often under load',
      ['idle', 'under load'],
      worse.map(({ name, idle, load }) => [name, idle, load]),
    ),
  ]
}

/** A share that may be below none: then there were more. */
function fewer(share: number): string {
  return share < 0 ? `−${formatShare(-share)}` : formatShare(share)
}

/** What each closed session has left in the server. */
function soaked({ resources, sessions }: SoakSummary): NotedTable {
  const format = { bytes: formatBytes, count: formatCount } as const
  return {
    title: `left by each of ${formatCount(sessions)} sessions`,
    head: ['', '95 % interval', 'allowed', ''],
    rows: resources.map(({ name, unit, slope, low, high, limit, verdict }) => [
      name,
      format[unit](slope),
      formatRange(slope === undefined ? undefined : [low, high], format[unit]),
      format[unit](limit),
      verdict === 'none' ? 'no leak' : verdict,
    ]),
    missed: resources.flatMap(({ verdict }, row) => (verdict === 'leak' ? [row] : [])),
  }
}

function checks({ checks = {} }: ScriptSummary): NotedTable[] {
  const all = toldApart(checks, ({ count }) => count)
  const rows = all.map(([name, seen]) => [name, ...shareCells(seen)])
  const missed = all.flatMap(([, { share }], row) => (share < 1 ? [row] : []))
  return titled('checks', ['held', '95 % interval', 'times'], rows, missed)
}

/** A tag that everything has tells nothing apart: what it is on stands there once. */
function toldApart<Seen>(
  all: Readonly<Record<string, Seen>>,
  count: (seen: Seen) => number | undefined,
): [name: string, seen: Seen][] {
  return Object.entries(all).filter(([name, seen]) => {
    const whole = all[name.replace(/\{.*\}$/, '')]
    return whole === seen || whole === undefined || count(whole) !== count(seen)
  })
}

const countOf = (metric: CustomMetric): number | undefined =>
  metric.kind === 'trend' ? metric.dist.count : metric.kind === 'rate' ? metric.count : metric.sum

function shareCells({ share, ci95, count }: ShareSummary): string[] {
  return [formatShare(share), formatRange(ci95, formatShare), formatCount(count)]
}

function trends({ metrics = {} }: ScriptSummary): NotedTable[] {
  const rows = toldApart(metrics, countOf).flatMap(([name, metric]) => {
    if (metric.kind !== 'trend') return []
    const { mean, p50, p95, p99, max, count } = metric.dist
    return [[name, ...[mean, p50, p95, p99, max, count].map((value) => formatCount(value))]]
  })
  return titled('trends', ['mean', 'p50', 'p95', 'p99', 'max', 'values'], rows)
}

function others({ metrics = {} }: ScriptSummary): NotedTable[] {
  const all = toldApart(metrics, countOf)
  const rates = all.flatMap(([name, metric]) =>
    metric.kind === 'rate' ? [[name, ...shareCells(metric)]] : [],
  )
  const counts = all.flatMap(([name, metric]) => (metric.kind === 'count' ? [countRow(name, metric)] : []))
  return [
    ...titled('rates', ['share', '95 % interval', 'times'], rates),
    ...titled('counters', ['sum', 'a second'], counts),
  ]
}

function countRow(name: string, { sum, perSecond }: CustomMetric & { readonly kind: 'count' }): string[] {
  return [name, formatCount(sum), formatCount(perSecond)]
}

function tags({ tags = {} }: ScriptSummary): NotedTable[] {
  const rows = Object.entries(tags).map(([tag, { completed, errorRate, turnMs, ttftMs }]) => [
    tag,
    formatCount(completed),
    formatShare(errorRate),
    formatMs(turnMs?.p95),
    formatMs(ttftMs?.p95),
  ])
  return titled('turns by tag', ['answered', 'errors', 'turn p95', 'ttft p95'], rows)
}

function titled(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  missed: readonly number[] = [],
): NotedTable[] {
  return rows.length > 0 ? [{ title, head, rows, missed }] : []
}
