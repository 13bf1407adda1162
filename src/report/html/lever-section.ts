import type { Capacity } from '../../result/capacity.ts'
import { loadUnit } from '../../result/load-words.ts'
import { levelValue } from '../../workload/level.ts'
import type { Answer } from '../answers.ts'
import { leverHead, leverLead, leverRows, type LeverRow } from '../lever-table.ts'
import { tornado } from '../tornado.ts'
import { type Bar, bars } from './bars.ts'
import { fieldPath, type Markup, markup } from './markup.ts'
import { table, tableBehind } from './tables.ts'

/** What would carry more users as a tornado, from the first engine that was asked; every lever that was pulled in a table. */
export function leverSection(answers: readonly Answer[]): Markup | undefined {
  const capacity = answers.map((answer) => answer.capacity).find((each) => each?.advice || each?.tried)
  if (!capacity) return undefined
  const rows = leverRows(capacity)
  const moving = rows.filter(({ usersGained }) => usersGained !== 0)
  if (rows.length === 0) return undefined
  const numbers = {
    label: 'What helps',
    className: 'levers',
    head: leverHead(capacity),
    rows: rows.map((row) => [named(row), row.gained, row.then, row.perMonth || '–', row.perUser || '–']),
  }
  return markup`<section><h2>What helps</h2><p>${leverLead(capacity)}</p>${moving.length === 0 ? table(numbers) : [chart(capacity, moving), tableBehind(numbers)]}</section>`
}

function chart(capacity: Capacity, rows: readonly LeverRow[]): Markup {
  const today = levelValue(capacity.level)
  const unit = loadUnit(capacity)
  const perEach = unit === 'calls/min' ? ' a call/min' : '/user'
  const picture = tornado(
    today,
    rows.map(({ users }) => ({ from: today, to: users })),
  )
  const list = rows.map((row, i): Bar => {
    const { start, end } = picture.spans[i]!
    return {
      name: row.text,
      value: markup`${row.gained}${row.perUser === '' ? '' : markup` <span class="dim">${row.perUser === 'saves' ? 'saves' : `${row.perUser}${perEach}`}</span>`}`,
      spoken: `${row.text}: ${row.gained} ${unit}, ${row.then} then`,
      parts: [
        {
          from: start * 100,
          width: (end - start) * 100,
          fill: row.usersGained < 0 ? 'f-warn' : 'f-accent',
        },
      ],
      zeroAt: picture.middle * 100,
    }
  })
  return bars(list, `${unit === 'users' ? 'Users' : unit} gained by each change`, 'above')
}

function named({ text, changes }: LeverRow): Markup {
  return markup`${text}${changes.map((change) => markup`<br><code class="dim">${fieldPath(change)}</code>`)}`
}
