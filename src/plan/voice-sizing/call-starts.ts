import type { StartLimit } from '../../workload/voice-limits.ts'
import { erlangB } from '../formulas/erlang-b.ts'

/** What a limit on call starts does to them. */
export interface CallStarts {
  /** Starts asked for over starts allowed. */
  readonly utilisation: number
  /** Mean wait for the start of a call, Infinity where the queue grows without end; 0 where none waits. */
  readonly waitMs: number
  /** Share of starts refused. */
  readonly rejectedShare: number
}

/**
 * What calls that begin at random, so many a second, meet at the limit. Queued: M/D/1, one start every 1 ÷ limit
 * seconds, wait ρ ÷ (2(1 − ρ)) of that (Pollaczek 1930). Rejected: Erlang B, a
 * start counting for a second.
 */
export function callStarts({ startsPerSecond, over }: StartLimit, callsPerSecond: number): CallStarts {
  const utilisation = callsPerSecond / startsPerSecond
  if (over === 'rejected')
    return { utilisation, waitMs: 0, rejectedShare: refusedStarts(startsPerSecond, callsPerSecond) }
  const waitMs =
    utilisation >= 1 ? Infinity : (1000 * utilisation) / (2 * (1 - utilisation) * startsPerSecond)
  return { utilisation, waitMs, rejectedShare: 0 }
}

/** Time until the last of `calls` begins when all are asked for at once and paced at the limit: an outbound campaign. */
export function campaignMs({ startsPerSecond }: StartLimit, calls: number): number {
  return calls < 1 ? 0 : ((calls - 1) * 1000) / startsPerSecond
}

/** Calls a minute that come at random and of which at most the share `rejected` is refused; a queue takes them all. */
export function startsCarriedPerMinute({ startsPerSecond, over }: StartLimit, rejected: number): number {
  if (over === 'queued') return startsPerSecond * 60
  let low = 0
  let high = startsPerSecond
  while (refusedStarts(startsPerSecond, high) < rejected) high *= 2
  for (let i = 0; i < 100 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2
    if (refusedStarts(startsPerSecond, middle) < rejected) low = middle
    else high = middle
  }
  return 60 * low
}

/** Starts a second to have: refused to at most the share `rejected`, or queued at 80 % use, a mean wait of two starts. */
export function startsNeeded(over: StartLimit['over'], callsPerSecond: number, rejected: number): number {
  if (over === 'queued') return callsPerSecond / 0.8
  let high = callsPerSecond
  while (refusedStarts(high, callsPerSecond) > rejected) high *= 2
  let low = high / 2
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2
    if (refusedStarts(middle, callsPerSecond) > rejected) low = middle
    else high = middle
  }
  return high
}

/**
 * So many may begin in any second: each start takes one of them for a second, which is Erlang’s loss system (its formula
 * does not ask how service times vary). A limit that is no whole number is one of whole starts in a longer window.
 */
function refusedStarts(startsPerSecond: number, callsPerSecond: number): number {
  const starts = Math.max(1, Math.floor(startsPerSecond))
  return erlangB(starts, (callsPerSecond * starts) / startsPerSecond)
}
