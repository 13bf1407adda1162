import type { Difference, Differences } from '../result/differences.ts'
import { formatCount, formatMs, formatShare } from '../result/figure-text.ts'
import type { PlanTable } from './plan-tables.ts'

/** Two variants side by side; a difference whose interval holds zero is none that one may build on. */
export function differenceTable({ change, replications, rows }: Differences): PlanTable {
  const title = `with ${change}`
  return {
    title,
    lead: `${replications} pairs of runs with the same seeds; intervals are of the difference, 95 %.`,
    head: [title, 'as written', 'changed', 'difference', '95 % interval', ''],
    rows: rows.map((row) => [row.figure, ...cells(row)]),
    left: [0, 5],
    foldFrom: 4,
  }
}

function cells({ unit, base, changed, difference, interval }: Difference): string[] {
  const format = formats[unit]
  const signed = (value: number): string => {
    const size = format(Math.abs(value))
    return value === 0 ? size : `${value < 0 ? '−' : '+'}${size}`
  }
  const isNone = difference === 0 && interval?.every((end) => end === 0)
  if (isNone) return [format(base), format(changed), 'none', '', '']
  const isClear = interval && (interval[0] > 0 || interval[1] < 0)
  return [
    format(base),
    format(changed),
    signed(difference),
    interval ? `${signed(interval[0])} to ${signed(interval[1])}` : '',
    interval && !isClear ? 'may be none' : '',
  ]
}

const formats: Readonly<Record<Difference['unit'], (value: number) => string>> = {
  ms: formatMs,
  share: formatShare,
  perSecond: formatCount,
  count: formatCount,
}
