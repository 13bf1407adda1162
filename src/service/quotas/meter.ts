import type { Usage } from '../quota.ts'

/** The instant at hand of a quota, which all its meters read: handed over, it would be an object a call. */
export interface Now {
  atMs: number
}

/**
 * One limit's count, told the time by its quota. Its numbers live in a Float64Array given to it; all zero is a fresh one
 * at 0.
 */
export interface Meter {
  /** What it holds when nothing is in use. */
  readonly limit: number
  /** Starts afresh. Buckets start empty: a full one would let a short probe carry more than the limit does. */
  reset(): void
  /** Lets time pass up to now. Time told by several callers may step back a little; a meter's own time does not. */
  advance(): void
  /** 0 when the amount is admitted now; `Infinity` when it never can be. */
  waitMs(amount: number): number
  charge(amount: number): void
  /** Adds or gives back the difference to what was charged when the call was admitted. */
  correct(difference: number, usage: Readonly<Usage>): void
  /** What is left; below 0 when overdrawn. */
  left(): number
  /** Until nothing is in use, if nobody comes. */
  wholeInMs(): number
}

/** Rounding of a meter's arithmetic, as a share of its limit: who waits as long as told is admitted. */
export const slackShare = 1e-9
