import type { Advice } from '../../result/capacity.ts'
import type { LeverName } from '../../result/lever-name.ts'
import type { Workload } from '../../workload/workload.ts'

/** One way to carry more. Pure: what it makes of a workload depends on that workload alone, so levers can be combined. */
export interface Lever {
  readonly name: LeverName
  /** Every change that it makes of this workload; none where it does not apply. */
  readonly changes: (workload: Workload) => readonly Change[]
}

/** A copy of the workload with one thing changed, and how to say so. */
export interface Change {
  readonly text: string
  readonly change: Advice['change']
  readonly workload: Workload
  /**
   * Dollars a month that it costs besides the tokens: 0 for a setting or for work done once, absent where that depends
   * on what is bought and no price is known.
   */
  readonly fixedUsd?: number
  /** As many people are served as by so many times the users at once; 1 where absent. */
  readonly people?: number
}

/** A share as the file writes it: `75%`. */
export const shareText = (share: number): string => `${rounded3(share * 100)}%`
/** To three significant digits. */
export const rounded3 = (value: number): number => Number(value.toPrecision(3))
