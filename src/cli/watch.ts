import { monotonicMs } from '../clock/now.ts'
import { liveChart } from '../report/live-chart.ts'
import type { OnSlice, Slice } from '../simulate/simulate.ts'
import type { Io } from './io.ts'
import { palette } from './palette.ts'

/** What is drawn while a simulation runs. */
export interface Watch {
  readonly show: OnSlice
  /** Leaves the last picture standing. */
  done(): void
}

const betweenDrawsMs = 100

/** Draws on stderr, in place on a terminal; on a pipe, and under --quiet, only the end of it or nothing. */
export function watch(io: Io): Watch {
  if (io.quiet) return { show() {}, done() {} }
  const live = process.stderr.isTTY
  const options = { width: io.width, palette: palette(io.color && live) }
  let last: Slice | undefined
  let drawn = 0
  let drawnAtMs = -Infinity
  const draw = (): void => {
    if (!last) return
    const lines = liveChart(last, options).map((line) => `  ${line}`)
    const back = drawn > 0 ? `\u001B[${drawn}A\u001B[J` : ''
    process.stderr.write(`${back}${lines.join('\n')}\n`)
    drawn = lines.length
  }
  return {
    show(slice) {
      last = { ...slice, series: [...slice.series] }
      if (!live || monotonicMs() - drawnAtMs < betweenDrawsMs) return
      drawnAtMs = monotonicMs()
      draw()
    },
    done: draw,
  }
}
