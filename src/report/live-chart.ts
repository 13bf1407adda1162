import { formatCount, formatMs, formatShare } from '../result/figure-text.ts'
import type { SeriesPoint } from '../result/summary.ts'
import { type Palette, plainPalette } from './palette.ts'

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const nothing = '·'

interface Line {
  readonly label: string
  readonly pick: (point: SeriesPoint) => number | undefined
  readonly format: (value: number) => string
  /** In between two points, where it was watched there. */
  readonly highest?: (point: SeriesPoint) => number | undefined
  /** Full height; the highest value where absent. */
  readonly most?: number
  /** What one would rather not see. */
  readonly bad?: boolean
}

const lines: readonly Line[] = [
  { label: 'users', pick: (point) => point.users, format: formatCount },
  level('turns in flight', 'turnsInFlight', formatCount),
  level('waiting for a slot', 'waiting', formatCount),
  level('calls in flight', 'callsInFlight', formatCount),
  { ...level('fullest quota', 'quotaUsed', formatShare), most: 1 },
  { label: '429s', pick: (point) => point.rateLimited, format: formatCount, bad: true },
  { label: 'errors', pick: (point) => point.errors, format: formatCount, bad: true },
  { label: 'turn p95', pick: (point) => point.turnP95Ms, format: formatMs },
]

function level(label: string, name: keyof NonNullable<SeriesPoint['highest']>, format: Line['format']): Line {
  return { label, pick: (point) => point[name], highest: ({ highest }) => highest?.[name], format }
}

const labelWidth = Math.max(...lines.map(({ label }) => label.length))
const valueWidth = '3 min 20 s'.length
const mostWidth = 'most 3 min 20 s'.length
const mostBlocks = 60
/** With fewer the shape says less than the highest value. */
const fewestBlocks = 10

/** A run so far, as one row of blocks for each figure with its last value and, where there is room, its highest: full height. */
export function liveChart(
  { series, atMs, endMs }: { series: readonly SeriesPoint[]; atMs: number; endMs: number },
  { palette = plainPalette, width = 100 }: { palette?: Palette; width?: number } = {},
): string[] {
  const room = width - labelWidth - valueWidth - 4
  const hasMost = room - mostWidth - 2 >= fewestBlocks
  const columns = Math.max(0, Math.min(mostBlocks, hasMost ? room - mostWidth - 2 : room))
  const rows = lines.flatMap(({ label, pick, highest: pickHighest = pick, format, most, bad }) => {
    const values = series.map(pick)
    if (values.every((value) => value === undefined)) return []
    const highest = Math.max(0, ...series.map((point) => pickHighest(point) ?? pick(point) ?? 0))
    const shape = sparkline(values, columns, endMs === 0 ? 1 : atMs / endMs, most ?? highest)
    const last = values.findLast((value) => value !== undefined) ?? 0
    const paint = bad && highest > 0 ? palette.red : palette.cyan
    const row = `${palette.dim(label.padEnd(labelWidth))}  ${paint(shape)}  ${format(last).padStart(valueWidth)}`
    return [hasMost ? `${row}  ${palette.dim(`most ${format(highest)}`)}` : row]
  })
  return [palette.bold(`${formatMs(atMs)} of ${formatMs(endMs)}`), ...rows]
}

/** So many columns for the whole run, the part that has passed filled with the highest value of each column. */
function sparkline(
  values: readonly (number | undefined)[],
  columns: number,
  passed: number,
  most: number,
): string {
  const filled = Math.min(columns, Math.max(1, Math.round(columns * passed)))
  let text = ''
  for (let column = 0; column < filled; column++) {
    const from = Math.floor((column * values.length) / filled)
    const until = Math.max(from + 1, Math.floor(((column + 1) * values.length) / filled))
    const there = values.slice(from, until).filter((value) => value !== undefined)
    const share = there.length === 0 || most <= 0 ? 0 : Math.max(...there) / most
    if (share > 0) text += blocks[Math.min(blocks.length - 1, Math.floor(share * blocks.length))]!
    else text += there.length === 0 ? ' ' : nothing
  }
  return text.padEnd(columns)
}
