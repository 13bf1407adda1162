import type { Answer } from '../answers.ts'
import { notedTables } from '../noted-tables.ts'
import { type Markup, markup } from './markup.ts'
import { table } from './tables.ts'

/** What was noted beside the turns: checks, measures, tags. */
export function notedSection({ summary }: Answer): Markup | undefined {
  const tables = summary ? notedTables(summary) : []
  if (tables.length === 0) return undefined
  const shown = tables.map(
    ({ title, head, rows }) =>
      markup`${table({ label: title, head: [title, ...head], rows, className: 'figures' })}`,
  )
  return markup`<section><h2>What was noted</h2>${shown}</section>`
}
