import type { Capacity } from '../result/capacity.ts'
import { loadUnit } from '../result/load-words.ts'
import { levelValue } from '../workload/level.ts'
import { cheapestLevers, leverHead, leverLead, leverRows, perUnitText } from './lever-table.ts'
import { type Palette, plainPalette } from './palette.ts'
import { textTable } from './text-table.ts'
import { tornadoText } from './tornado.ts'
import { wrap } from './wrap.ts'

const barWidth = 16
/** What the numbers beside the text take. */
const numbersWidth = 38
const mostCheapest = 3

/** The levers as a table with a tornado beside it, for a terminal of `width` characters. */
export function leverLines(capacity: Capacity, width: number, palette: Palette = plainPalette): string[] {
  const rows = leverRows(capacity)
  if (rows.length === 0) return ['no lever applies to this workload']
  const value = levelValue(capacity.level)
  const isWide = width >= 90
  const bars = tornadoText(
    value,
    rows.map(({ users }) => ({ from: value, to: users })),
    barWidth,
  )
  const textWidth = Math.max(20, width - numbersWidth - (isWide ? barWidth + 3 : 0))
  const cells = rows.flatMap(({ text, gained, then, perMonth, perUser }, i) =>
    wrap(text, textWidth).map((line, part) =>
      part === 0 ? [line, gained, then, perMonth, perUser, ...(isWide ? [bars[i]!] : [])] : [`  ${line}`],
    ),
  )
  const table = textTable({
    head: [...leverHead(capacity), ...(isWide ? [''] : [])],
    left: [0, 5],
    rows: cells,
    paint: (cell, row, column) =>
      row === -1 ? palette.dim(cell) : column === 1 && cell.includes('+') ? palette.green(cell) : cell,
  })
  return [
    ...wrap(leverLead(capacity), width).map(palette.dim),
    '',
    ...table,
    ...cheapestLines(capacity, width),
  ]
}

function cheapestLines(capacity: Capacity, width: number): string[] {
  const cheapest = cheapestLevers(capacity).slice(0, mostCheapest)
  if (cheapest.length < 2) return []
  const oneMore = loadUnit(capacity) === 'calls/min' ? 'a call a minute' : 'a user'
  const words = cheapest.map((each) => {
    const texts = 'changes' in each ? each.changes.map(({ text }) => text) : [each.text]
    const usd = each.perUserUsd! < 0 ? 'the bill falls' : perUnitText(capacity, each.perUserUsd!)
    return `${texts.join(', and ')} (${usd})`
  })
  return ['', ...wrap(`cheapest for ${oneMore} more: ${words.join('; ')}`, width)]
}
