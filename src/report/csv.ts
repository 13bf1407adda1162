import { clean } from './clean.ts'
import { metricsOf } from './metrics.ts'
import type { Reporter } from './reporter.ts'

/** Every number of the run in a line of its own: what a spreadsheet pivots. */
export const csv: Reporter = (dirty) => {
  const run = clean(dirty)
  const rows = metricsOf(run).map(({ name, unit, labels: { origin = '', ...labels }, value, low, high }) => {
    const of = Object.entries(labels).map(([, text]) => text)
    return csvLine([run.runId, run.workload.name, origin, name, of.join(' '), unit, value, low, high])
  })
  return [
    csvLine(['run', 'workload', 'engine', 'metric', 'of', 'unit', 'value', 'ci95_low', 'ci95_high']),
    ...rows,
  ].join('')
}

/** A line by RFC 4180, but for its end. Text that a spreadsheet would take for a formula gets a quote in front. */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(cell).join(',')}\n`
}

function cell(value: string | number | undefined): string {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return ''
  if (typeof value === 'number') return String(value)
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
