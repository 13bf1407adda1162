import { type TurnMetricName } from '../workload/metrics.ts'
import { hasLatency } from './has-latency.ts'
import type { TurnRecord } from './records.ts'

/** How one ended turn tells a metric. */
export interface TurnValue {
  /** NaN where this turn has no such value. */
  readonly of: (turn: Readonly<TurnRecord>) => number
  /**
   * Whether the true value is only known to be at least that: a user who gave up, or a time limit, ended the wait.
   * Leaving such turns out would flatter the slower server.
   */
  readonly isAtLeast?: (turn: Readonly<TurnRecord>) => boolean
}

/** Each metric of a turn as a function of its record; what is not told by a turn alone is elsewhere. */
export const turnValues: Readonly<Record<TurnMetricName, TurnValue>> = {
  turn: { of: (turn) => (hasLatency(turn) ? turnMs(turn) : NaN), isAtLeast: isUnfinished },
  intended: { of: (turn) => (hasLatency(turn) ? intendedMs(turn) : NaN), isAtLeast: isUnfinished },
  ttft: { of: (turn) => (hasLatency(turn) ? ttftMs(turn) : NaN), isAtLeast: isSilent },
  useful: {
    of: (turn) => (turn.usefulAtMs !== undefined && hasLatency(turn) ? usefulMs(turn, turn.usefulAtMs) : NaN),
    isAtLeast: ({ usefulAtMs }) => Number.isNaN(usefulAtMs),
  },
  tpot: {
    of: ({ outcome, tokens, firstTokenAtMs, endedAtMs }) =>
      outcome === 'completed' && tokens > 1 ? (endedAtMs - firstTokenAtMs) / (tokens - 1) : NaN,
  },
  tokens: { of: ({ outcome, tokens }) => (outcome === 'completed' ? tokens : NaN) },
  retries: { of: ({ usefulAtMs, refusals }) => (usefulAtMs === undefined ? NaN : (refusals?.retries ?? 0)) },
  lost: { of: ({ usefulAtMs, refusals }) => (usefulAtMs === undefined ? NaN : (refusals?.lostMs ?? 0)) },
}

/** Names of all of them. */
export const everyTurnMetric = Object.keys(turnValues) as TurnMetricName[]

// By name as well, for those who ask millions of turns: of one that has a latency, and each so short that V8 compiles it
// into its caller, as a number that is handed back is an object where it does not.

/** From the send to the end of the answer. */
export function turnMs({ endedAtMs, sentAtMs }: Readonly<TurnRecord>): number {
  return endedAtMs - sentAtMs
}

/** From the instant at which the user meant to send to the end of the answer. */
export function intendedMs({ endedAtMs, intendedAtMs }: Readonly<TurnRecord>): number {
  return endedAtMs - intendedAtMs
}

/** From the send to the first answer text, or to the end where none came. */
export function ttftMs(turn: Readonly<TurnRecord>): number {
  return seenAtMs(turn) - turn.sentAtMs
}

function seenAtMs(turn: Readonly<TurnRecord>): number {
  return isSilent(turn) ? turn.endedAtMs : turn.firstTokenAtMs
}

/** The user saw no answer text. */
export function isSilent({ firstTokenAtMs }: Readonly<TurnRecord>): boolean {
  return Number.isNaN(firstTokenAtMs)
}

/** It took longer than was waited for. */
export function isUnfinished({ outcome }: Readonly<TurnRecord>): boolean {
  return outcome !== 'completed'
}

/** Up to the end where it did not come. */
function usefulMs({ endedAtMs, sentAtMs }: Readonly<TurnRecord>, usefulAtMs: number): number {
  return (Number.isNaN(usefulAtMs) ? endedAtMs : usefulAtMs) - sentAtMs
}
