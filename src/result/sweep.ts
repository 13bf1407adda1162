import type { Level } from '../workload/level.ts'
import type { Summary } from './summary.ts'

/** What becomes of a workload when one of its fields takes one value after the other. */
export interface Sweep {
  readonly field: string
  /** The load that each row was also asked about. */
  readonly level?: Level
  /** Sessions are calls by telephone. */
  readonly phone?: true
  /** The first without a value: the file as it is. */
  readonly rows: readonly SweepRow[]
}

export interface SweepRow {
  readonly value?: string
  /** The most at which every objective holds: users, or sessions a second where the load is open. */
  readonly users?: number
  readonly sessionsPerSecond?: number
  readonly runAt: number
  /** Every objective held up to the highest load tried. */
  readonly unbounded?: true
  readonly bottleneck?: string
  readonly brokenBy?: string
  /** At the load that was asked about, else at the load to run at. */
  readonly cost?: NonNullable<Summary['cost']>
  readonly perCallUsd?: number
  readonly at?: SweepLevel
}

/** The answer at the load that was asked about. */
export interface SweepLevel {
  readonly turnP95Ms?: number
  readonly errors: number
  /** Objectives that are missed there. */
  readonly missed: readonly string[]
  readonly unstable?: true
}
