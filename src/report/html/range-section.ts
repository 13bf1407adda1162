import { levelValue } from '../../workload/level.ts'
import type { Answer } from '../answers.ts'
import { rangeLead, rangeRows, spreadHead, spreadRows, withRanges } from '../range-table.ts'
import { tornado } from '../tornado.ts'
import { type Bar, bars } from './bars.ts'
import { type Markup, markup } from './markup.ts'
import { table } from './tables.ts'

/** Where the answer lies over the ranges of the file, and a tornado of what each of them does by itself. */
export function rangeSection(answers: readonly Answer[]): Markup | undefined {
  const capacity = withRanges(answers.flatMap(({ capacity }) => capacity ?? []))
  if (!capacity) return undefined
  const { runAt, uncertainty } = capacity
  const rows = rangeRows(capacity, uncertainty)
  const picture = tornado(
    levelValue(capacity.level),
    rows.map(({ levelAtLow, levelAtHigh }) => ({ from: levelAtLow, to: levelAtHigh })),
  )
  const list = rows.map(({ path, origin, range, atLow, atHigh }, i): Bar => {
    const { start, end } = picture.spans[i]!
    return {
      name: markup`<code>${path}</code> ${range}<span class="tag ${origin === 'guessed' ? 'warn' : 'dim'}">${origin}</span>`,
      value: `${atLow} → ${atHigh}`,
      spoken: `${path}, ${range}: ${atLow} at its low end, ${atHigh} at its high end`,
      parts: [{ from: start * 100, width: (end - start) * 100, fill: 'f-accent' }],
      zeroAt: picture.middle * 100,
    }
  })
  const spread = table({
    label: 'Where the answer lies',
    head: spreadHead(uncertainty.covers),
    rows: spreadRows(capacity, runAt, uncertainty),
  })
  return markup`<section><h2>Where the answer lies</h2><p>${rangeLead(uncertainty)}</p>${spread}<h3>Each range by itself</h3>${bars(list, 'Each range by itself', 'above')}</section>`
}
