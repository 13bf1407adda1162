export interface TextTable {
  /** Empty for a table without a head. */
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns set flush left; all others are flush right. */
  readonly left?: readonly number[]
  /** Where rows are wider than this, the cells of the last column stand below them, under the second. */
  readonly foldBeyond?: number
  /** Paints a cell after it was padded; row -1 is the head. */
  readonly paint?: (padded: string, row: number, column: number) => string
}

/** Aligned columns, two spaces apart; cells are plain text and are painted only once they have their width. */
export function textTable(table: TextTable): string[] {
  const left = new Set(table.left ?? [0])
  const all = table.head.length > 0 ? [table.head, ...table.rows] : table.rows
  const columns = Math.max(0, ...all.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...all.map((row) => row[column]?.length ?? 0)),
  )
  const firstRow = table.head.length > 0 ? -1 : 0
  const total = widths.reduce((sum, width) => sum + width, 2 * (columns - 1))
  const folded = columns > 2 && total > (table.foldBeyond ?? Infinity) ? columns - 1 : columns
  return all.flatMap((row, index) => {
    const paint = (padded: string, column: number): string =>
      table.paint ? table.paint(padded, index + firstRow, column) : padded
    const line = widths
      .slice(0, folded)
      .map((width, column) => {
        const cell = row[column] ?? ''
        const last = column === columns - 1
        return paint(left.has(column) ? (last ? cell : cell.padEnd(width)) : cell.padStart(width), column)
      })
      .join('  ')
      .trimEnd()
    const below = row[folded] ?? ''
    return below === '' ? [line] : [line, `${' '.repeat(widths[0]! + 2)}${paint(below, folded)}`]
  })
}
