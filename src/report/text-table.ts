export interface TextTable {
  /** Empty for a table without a head. */
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns set flush left; all others are flush right. */
  readonly left?: readonly number[]
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
  return all.map((row, index) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? ''
        const last = column === columns - 1
        const padded = left.has(column) ? (last ? cell : cell.padEnd(width)) : cell.padStart(width)
        return table.paint ? table.paint(padded, index + firstRow, column) : padded
      })
      .join('  ')
      .trimEnd(),
  )
}
