import { stripVTControlCharacters } from 'node:util'
import { monotonicMs } from '../clock/now.ts'
import { liveChart } from '../report/live-chart.ts'
import type { OnSlice, Slice } from '../simulate/simulate.ts'
import type { Io } from './io.ts'
import { palette } from './palette.ts'

/** What is drawn while a simulation runs. */
export interface Watch {
  readonly show: OnSlice
  /** Leaves the last picture standing. */
  readonly done: () => void
}

/** Where it is drawn: stderr, a terminal of any size or none. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

const betweenDrawsMs = 100
const mostColumns = 110
const indent = '  '

/**
 * Draws in place on a terminal, as large as it is at the time; on a pipe, and under --quiet, only the end of it or nothing.
 * Once `signal` is aborted others write there, and nothing is drawn over them.
 */
export function watch(
  io: Pick<Io, 'quiet' | 'color'>,
  signal: AbortSignal,
  screen: Screen = process.stderr,
): Watch {
  if (io.quiet) return { show() {}, done() {} }
  const live = screen.isTTY ?? false
  let last: Slice | undefined
  /** How many columns each line took that stands there. */
  let drawn: readonly number[] = []
  let drawnAtMs = -Infinity
  const draw = (most: number): void => {
    if (!last || (live && signal.aborted)) return
    const columns = screen.columns ?? mostColumns
    const width = Math.min(columns, mostColumns) - indent.length - 1
    const lines = liveChart(last, { width, palette: palette(io.color && live) }).slice(0, most)
    // A terminal that became narrower since has broken them.
    const back = drawn.reduce((sum, length) => sum + Math.ceil(length / columns), 0)
    const clear = back > 0 ? `\u001B[${back}A\u001B[J` : ''
    screen.write(`${clear}${lines.map((line) => `${indent}${line}\n`).join('')}`)
    drawn = lines.map((line) => indent.length + stripVTControlCharacters(line).length)
  }
  return {
    show(slice) {
      last = { ...slice, series: [...slice.series] }
      if (!live || monotonicMs() - drawnAtMs < betweenDrawsMs) return
      drawnAtMs = monotonicMs()
      // What has scrolled away cannot be drawn over.
      draw(Math.max(1, (screen.rows ?? Infinity) - 1))
    },
    done: () => draw(Infinity),
  }
}
