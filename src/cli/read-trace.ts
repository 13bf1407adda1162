import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CsvError, parse } from 'csv-parse/sync'
import { type InstantUnit, parseInstant } from '../workload/parse-instant.ts'
import { UserError } from './exit-codes.ts'

const largestBytes = 200_000_000

/** The text of a file (or .gz) that stands beside another; `what` is what it is called where it fails. */
export function readBeside(file: string, name: string, what: string, beside = 'the workload file'): string {
  const path = resolve(dirname(file), name)
  try {
    if (statSync(path).size > largestBytes) throw new UserError(`${what} ${name} is larger than 200 MB`)
    const bytes = readFileSync(path)
    const plain = name.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: largestBytes }) : bytes
    return plain.toString('utf8')
  } catch (error) {
    if (error instanceof UserError) throw error
    const why = (error as NodeJS.ErrnoException).code ?? 'not gzip'
    throw new UserError(`${what} ${name} cannot be read (${why})`, {
      hint: `the path is relative to ${beside}`,
    })
  }
}

const flags: Readonly<Record<string, number>> = { '1': 1, yes: 1, true: 1, '0': 0, no: 0, false: 0, '': 0 }
const readers = {
  amount: (cell: string) => (cell === '' ? NaN : Number(cell)),
  instant: parseInstant,
  flag: (cell: string) => flags[cell.toLowerCase()] ?? NaN,
}
const kindNames = { amount: 'a number', instant: 'an instant', flag: 'yes or no, 1 or 0' }

/** The amounts, instants (plain numbers are of `unit`) or flags in `column` of a CSV (or .csv.gz) beside the workload file. */
export function readTrace(
  workloadFile: string,
  name: string,
  column: string,
  kind: 'amount' | 'instant' | 'flag',
  unit?: InstantUnit,
): number[] {
  const text = readBeside(workloadFile, name, 'trace')
  const [first, ...rows] = rowsOf(name, text)
  const header = (first?.cells ?? []).map((cell) => cell.trim())
  const index = header.indexOf(column)
  if (index < 0)
    throw new UserError(`trace ${name} has no column ${column}`, {
      hint: first ? `its columns are ${header.join(', ').slice(0, longestHint)}` : 'the file is empty',
    })
  return rows.map(({ cells, line }) => {
    const cell = cells[index]?.trim() ?? ''
    const value = readers[kind](cell, unit)
    if (Number.isFinite(value)) return value
    throw new UserError(
      `trace ${name}, line ${line}: column ${column} is not ${kindNames[kind]}`,
      kind === 'instant'
        ? {
            hint: 'timestamps such as 2023-11-16 18:17:03.979, of days that exist, or plain numbers of milliseconds (unit: s where of seconds)',
          }
        : {},
    )
  })
}

/** Of what is no CSV, the first line may be long. */
const longestHint = 300

interface Row {
  readonly cells: readonly string[]
  readonly line: number
}

/** The rows that are not empty, and where they end. Cells of files without a quote, which may be large, are what commas part. */
function rowsOf(name: string, text: string): readonly Row[] {
  if (!text.includes('"'))
    return text
      .split(/\r\n?|\n/)
      .map((row, i) => ({ cells: row.split(','), line: i + 1 }))
      .filter(({ cells }) => cells.length > 1 || cells[0] !== '')
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const
    const rows = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[]
    return rows.map(({ record, info }) => ({ cells: record, line: info.lines }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error['lines'] === 'number' ? `, line ${error['lines']}` : ''
    throw new UserError(`trace ${name}${line} is not CSV (${error.code})`, {
      hint: 'a quote within a quoted cell is written twice',
    })
  }
}
