import stringWidth from 'string-width'
import { wrap } from './wrap.ts'

export interface TextTable {
  /** Empty for a table without a head. */
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns set flush left; all others are flush right. */
  readonly left?: readonly number[]
  /**
   * Where rows are wider than this, a title wider than its column stands above all, and where that is not enough, the
   * cells from `foldFrom` on stand below their row, under the second column.
   */
  readonly foldBeyond?: number
  /** By default the last column. */
  readonly foldFrom?: number
  /** Paints a cell after it was padded; row -1 is the head. */
  readonly paint?: (padded: string, row: number, column: number) => string
}

/** Aligned columns, two spaces apart; cells are plain text and are painted only once they have their width. */
export function textTable(table: TextTable): string[] {
  const left = new Set(table.left ?? [0])
  const all = table.head.length > 0 ? [table.head, ...table.rows] : table.rows
  const columns = Math.max(0, ...all.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) => widest(all, column))
  const isTooWide =
    widths.reduce((sum, width) => sum + width, 2 * (columns - 1)) > (table.foldBeyond ?? Infinity)
  if (isTooWide && stringWidth(table.head[0] ?? '') > widest(table.rows, 0)) return titleAbove(table)
  const firstRow = table.head.length > 0 ? -1 : 0
  const folded = isTooWide && columns > 2 ? (table.foldFrom ?? columns - 1) : columns
  return all.flatMap((row, index) => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? ''
      const isRagged = column >= folded || (left.has(column) && column === columns - 1)
      const room = ' '.repeat(width - stringWidth(cell))
      const padded = isRagged ? cell : left.has(column) ? `${cell}${room}` : `${room}${cell}`
      return table.paint ? table.paint(padded, index + firstRow, column) : padded
    })
    const line = cells.slice(0, folded).join('  ').trimEnd()
    const below = cells.slice(folded).filter((_, i) => (row[folded + i] ?? '') !== '')
    return below.length === 0 ? [line] : [line, `${' '.repeat(widths[0]! + 2)}${below.join('  ')}`]
  })
}

const widest = (rows: TextTable['rows'], column: number): number =>
  Math.max(0, ...rows.map((row) => stringWidth(row[column] ?? '')))

function titleAbove(table: TextTable): string[] {
  const [title = '', ...others] = table.head
  const lines = wrap(title, table.foldBeyond ?? Infinity)
  return [
    ...lines.map((line) => (table.paint ? table.paint(line, -1, 0) : line)),
    ...textTable({ ...table, head: ['', ...others] }),
  ]
}
