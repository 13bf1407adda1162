import type { Run } from '../result/run.ts'
import type { Palette } from './palette.ts'

/** How a report is to look; a reporter ignores what does not concern it. */
export interface ReportOptions {
  /** Colours, from the caller, who knows whether a terminal wants them. */
  readonly palette?: Palette
  /** Columns of the terminal. */
  readonly width?: number
  /** In the terminal, turns told apart as well: every other form has them anyway. */
  readonly details?: boolean
  /** Where report.html lies, to be named at the end. */
  readonly reportPath?: string
}

/** A run, told to somebody. It never reruns anything, and writes nothing. */
export type Reporter = (run: Run, options?: ReportOptions) => string
