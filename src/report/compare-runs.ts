import type { Run } from '../result/run.ts'
import { levelValue } from '../workload/level.ts'
import { type Answer, capacityAnswers, levelAnswers } from './answers.ts'
import { clean } from './clean.ts'
import { formatChange, formatCount, formatMs, formatShare } from '../result/figure-text.ts'
import { plainPalette } from './palette.ts'
import type { ReportOptions } from './reporter.ts'
import { textTable } from './text-table.ts'

/** One measure of both runs; `change` is relative, absent where one side does not know it. */
export interface RunComparison {
  readonly origin: string
  readonly measure: string
  readonly before?: number
  readonly after?: number
  readonly change?: number
  readonly text: readonly [before: string, after: string]
}

const measures: readonly {
  readonly name: string
  readonly value: (answer: Answer) => number | undefined
  readonly format: (value: number | undefined) => string
}[] = [
  { name: 'capacity', value: ({ capacity }) => capacity && levelValue(capacity.level), format: formatCount },
  { name: 'turns/s', value: ({ summary }) => summary?.turns.perSecond, format: formatCount },
  { name: 'turn p95', value: ({ summary }) => summary?.latency.turnMs?.p95, format: formatMs },
  { name: 'ttft p95', value: ({ summary }) => summary?.latency.ttftMs?.p95, format: formatMs },
  { name: 'calls/turn', value: ({ summary }) => summary?.calls?.perTurn?.mean, format: formatCount },
  { name: 'errors', value: ({ summary }) => summary?.errors?.rate, format: formatShare },
]

/** Each engine of one run beside the same engine of the other; what neither knows is left out. */
export function compareRuns(before: Run, after: Run): RunComparison[] {
  return answersOf(before).flatMap((first) => {
    const second = answersOf(after).find(({ origin }) => origin === first.origin)
    if (!second) return []
    return measures.flatMap(({ name, value, format }) => {
      const [a, b] = [value(first), value(second)]
      if (a === undefined && b === undefined) return []
      const change = a !== undefined && b !== undefined && a !== 0 ? { change: b / a - 1 } : {}
      const known = { ...(a !== undefined && { before: a }), ...(b !== undefined && { after: b }), ...change }
      return [{ origin: first.origin, measure: name, ...known, text: [format(a), format(b)] as const }]
    })
  })
}

/** The comparison as a table, or as JSON. */
export function comparisonOf(before: Run, after: Run, options: ReportOptions & { json?: boolean }): string {
  const rows = compareRuns(clean(before), clean(after))
  if (options.json) return JSON.stringify({ before: before.runId, after: after.runId, rows }, undefined, 2)
  if (rows.length === 0) return 'The two runs have no engine in common.'
  const palette = options.palette ?? plainPalette
  const notes =
    before.workload.hash === after.workload.hash ? [] : ['The two runs are of different workloads.']
  const table = textTable({
    head: ['', '', 'before', 'after', 'change'],
    rows: rows.map((row, index) => [
      rows[index - 1]?.origin === row.origin ? '' : row.origin,
      row.measure,
      ...row.text,
      row.change === undefined ? '' : formatChange(row.change),
    ]),
    left: [0, 1],
    paint: (cell, row) => (row === -1 ? palette.dim(cell) : cell),
  })
  return ['', ...table, ...notes, ''].map((line) => `  ${line}`.trimEnd()).join('\n')
}

function answersOf(run: Run): Answer[] {
  return run.capacities.length > 0 ? capacityAnswers(run) : levelAnswers(run)
}
