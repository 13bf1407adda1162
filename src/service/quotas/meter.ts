/** One limit's count, told the time. Its numbers live in a Float64Array given to it; all zero is a fresh one at 0. */
export interface Meter {
  /** What it holds when nothing is in use. */
  readonly limit: number
  /** Starts afresh. Buckets start empty: a full one would let a short probe carry more than the limit does. */
  reset(atMs: number): void
  /** Lets time pass. Time told by several callers may step back a little; a meter's own time does not. */
  advance(atMs: number): void
  /** 0 when the amount is admitted now; `Infinity` when it never can be. */
  waitMs(atMs: number, amount: number): number
  charge(amount: number): void
  /** Adds or gives back the difference to what was charged at `admittedAtMs` (`undefined`: not known). */
  correct(difference: number, admittedAtMs: number | undefined): void
  /** What is left; below 0 when overdrawn. */
  left(): number
  /** Until nothing is in use, if nobody comes. */
  wholeInMs(atMs: number): number
}

/** Rounding of a meter's arithmetic, as a share of its limit: who waits as long as told is admitted. */
export const slackShare = 1e-9
