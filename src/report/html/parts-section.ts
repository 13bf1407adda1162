import type { Answer } from '../answers.ts'
import { answerTitle } from '../comparison.ts'
import { partTables } from '../part-tables.ts'
import { type Markup, markup } from './markup.ts'
import { table } from './tables.ts'

/** One level's turns told apart: by place in the session, and by scenario. */
export function partsSection(answer: Answer): Markup | undefined {
  const tables = answer.summary ? partTables(answer.summary) : []
  if (tables.length === 0) return undefined
  const shown = tables.map(({ title, head, rows }) =>
    table({ label: title, head: [title, ...head], rows, className: 'figures' }),
  )
  return markup`<section><h2>${`Turns told apart, ${answerTitle(answer)}`}</h2>${shown}</section>`
}
