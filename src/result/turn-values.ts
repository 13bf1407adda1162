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
  turn: { of: turnMs, isAtLeast: isUnfinished },
  intended: { of: intendedMs, isAtLeast: isUnfinished },
  ttft: { of: ttftMs, isAtLeast: isSilent },
  useful: {
    of: (turn) => (turn.usefulAtMs === undefined ? NaN : untilMs(turn, turn.usefulAtMs)),
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

export const everyTurnMetric = Object.keys(turnValues) as TurnMetricName[]

// By name as well, for those who ask millions of turns.

export function turnMs(turn: Readonly<TurnRecord>): number {
  return hasLatency(turn) ? turn.endedAtMs - turn.sentAtMs : NaN
}

export function intendedMs(turn: Readonly<TurnRecord>): number {
  return hasLatency(turn) ? turn.endedAtMs - turn.intendedAtMs : NaN
}

export function ttftMs(turn: Readonly<TurnRecord>): number {
  return untilMs(turn, turn.firstTokenAtMs)
}

/** The user saw no answer text. */
export function isSilent({ firstTokenAtMs }: Readonly<TurnRecord>): boolean {
  return Number.isNaN(firstTokenAtMs)
}

/** It took longer than was waited for. */
export function isUnfinished({ outcome }: Readonly<TurnRecord>): boolean {
  return outcome !== 'completed'
}

/** From the send to an instant, to the end where it did not come. */
function untilMs(turn: Readonly<TurnRecord>, atMs: number): number {
  if (!hasLatency(turn)) return NaN
  return (Number.isNaN(atMs) ? turn.endedAtMs : atMs) - turn.sentAtMs
}
