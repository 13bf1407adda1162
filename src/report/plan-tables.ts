import type { Run } from '../result/run.ts'
import { differenceTable } from './difference-table.ts'
import { peakTables } from './peak-tables.ts'
import { phoneTables } from './phone-tables.ts'
import { sweepTable } from './sweep-table.ts'

/** A table of a plan, the same in every form of the report. */
export interface PlanTable {
  readonly title: string
  /** A sentence above it, where the title does not say all. */
  readonly lead?: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns set flush left besides the first. */
  readonly left?: readonly number[]
  /** Rows that miss what is asked of them. */
  readonly missed?: readonly number[]
  /** Where a terminal is too narrow for it, the columns from this one on stand below their rows. */
  readonly foldFrom?: number
}

/** What a plan tells besides the answers themselves. */
export function planTables(run: Run): PlanTable[] {
  return [
    ...(run.sweeps ?? []).map(sweepTable),
    ...(run.phone ? phoneTables(run.phone) : []),
    ...(run.peak ? peakTables(run.peak) : []),
    ...(run.differences ? [differenceTable(run.differences)] : []),
  ]
}
