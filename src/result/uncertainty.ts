import type { SolvedMetricName } from '../workload/metrics.ts'

/**
 * Where an answer may lie, given the ranges that the file writes for its inputs. Between its ends each value is taken
 * as equally likely, and no input to depend on another.
 */
export interface Uncertainty {
  /** How it was found: `Latin hypercube, seed 1`. */
  readonly method: string
  readonly draws: number
  /** Draws whose values do not go together, such as a p50 above its p95; they count for nothing. */
  readonly impossible: number
  /** Draws in which every objective held up to the most that was tried: counted as that most. */
  readonly unbounded: number
  /** What `low` and `high` cover, in words: `9 of 10 draws`. */
  readonly covers: string
  /** Of the capacity: users, or sessions a second. */
  readonly level: Spread
  readonly perTurnUsd?: Spread
  /** At the load to run at of the answer itself, whatever a draw would carry. */
  readonly perMonthUsd?: Spread
  /** Each range by itself, everything else in the middle; what moves the capacity most comes first. */
  readonly inputs: readonly RangeEffect[]
}

export interface Spread {
  readonly low: number
  readonly high: number
  /** With every range at the end that suits the figure least, and most. */
  readonly least: number
  readonly most: number
}

export interface RangeEffect {
  readonly path: string
  readonly origin: string
  /** All that the file writes there. */
  readonly text: string
  /** The ends, in the file's words. */
  readonly low: string
  readonly high: string
  /** The capacity with the range at its low end, and at its high one. */
  readonly levelAtLow: number
  readonly levelAtHigh: number
}

/** Where the answer at a level may lie, over the same draws. */
export interface LevelUncertainty extends Pick<
  Uncertainty,
  'method' | 'draws' | 'impossible' | 'covers' | 'perTurnUsd'
> {
  /** The objective that is worst off in the middle, and what is spread: milliseconds, or a share for errors. */
  readonly objective: string
  readonly metric: SolvedMetricName
  readonly value: Spread
  /** Draws in which every objective holds. */
  readonly holds: number
  /** Each range by itself; what moves the value most comes first. */
  readonly inputs: readonly (Omit<RangeEffect, 'levelAtLow' | 'levelAtHigh'> & {
    readonly valueAtLow: number
    readonly valueAtHigh: number
  })[]
}
