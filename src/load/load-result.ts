import type { FaultCount } from './fault-samples.ts'
import type { Summary } from '../result/summary.ts'
import type { Spend } from './stop-rules.ts'
import type { TurnAccounting } from './turn-tally.ts'

export interface LoadProgress extends TurnAccounting {
  readonly atMs: number
  readonly untilMs: number
  /** Of the run that is over, 0 to 1. */
  readonly share: number
  /** Users who should be there now, or sessions a second. */
  readonly level: number
  /** Calls by telephone that are going on, where there are any. */
  readonly onTheLine?: number
}

export interface LoadResult {
  readonly summary: Summary
  /** Of the whole run, warm-up included; the summary counts the window. */
  readonly turns: TurnAccounting
  readonly interrupted: boolean
  /** Why it ended before its time, where a limit or an objective ended it. */
  readonly stopped?: { readonly reason: string; readonly failed: boolean }
  /** What the target's model cost, where a price is known. */
  readonly spend: Spend
  /** What went wrong, in the target's words, each kind once with how often. */
  readonly faults: readonly FaultCount[]
  /** Call records that the provider had dropped before they were read. */
  readonly lostCalls: number
}
