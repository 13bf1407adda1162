import { turnRangeText } from '../workload/objective-tags.ts'

/**
 * Places of turns in their session that are told apart, as objectives write them: `1`, `2`, `3`, `4-7`, `8+`. The first
 * turns differ most, since what is sent along grows with each.
 */
export const placeTexts: readonly string[] = [
  { first: 0, last: 0 },
  { first: 1, last: 1 },
  { first: 2, last: 2 },
  { first: 3, last: 6 },
  { first: 7, last: Infinity },
].map(turnRangeText)

/** Index among `placeTexts` of a turn, from 0 in its session. */
export function placeOf(turn: number): number {
  return turn < 3 ? turn : turn < 7 ? 3 : 4
}
