import type { Run } from '../../result/run.ts'
import { planTables } from '../plan-tables.ts'
import { type Markup, markup } from './markup.ts'
import { table } from './tables.ts'

/** What a plan tells besides the answers, a section for each table. */
export function planTableSections(run: Run): Markup[] {
  return planTables(run).map(({ title, lead, head, rows, left = [], missed = [] }) => {
    const cells = rows.map((row, i) =>
      missed.includes(i) ? [markup`<span class="warn">${row[0]}</span>`, ...row.slice(1)] : row,
    )
    const heading = title.charAt(0).toUpperCase() + title.slice(1)
    return markup`<section><h2>${heading}</h2>${lead === undefined ? undefined : markup`<p>${lead}</p>`}${table({ label: title, head: ['', ...head.slice(1)], rows: cells, left, className: 'plan' })}</section>`
  })
}
