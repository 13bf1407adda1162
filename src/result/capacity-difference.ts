import { differenceInterval } from '../stats/difference-interval.ts'
import { levelValue } from '../workload/level.ts'
import type { Interval } from '../stats/interval.ts'
import type { Capacity } from './capacity.ts'

/** What a second system carries, held against the first. */
export interface CapacityDifference {
  /** What the second one is, in words: `the target of --against`, `agent.workers=8`. */
  readonly change: string
  /** Of the second one; that of the first is the run's. */
  readonly capacity: Capacity
  /** Users, or sessions a second, that the second one carries more. */
  readonly difference: number
  /** 95 %; an end that nothing bounds is absent. */
  readonly low?: number
  readonly high?: number
  /** Of what the first one carries. */
  readonly share?: number
  readonly verdict: 'better' | 'worse' | 'cannot tell'
  /** Worse by more than this share of the first, and not by chance, is a regression. */
  readonly gate?: { readonly share: number; readonly regressed: boolean }
}

/** How the capacity of B differs from that of A, whose trials were run in turn. */
export function capacityDifference(
  a: Capacity,
  b: Capacity,
  { change, gate }: { readonly change: string; readonly gate?: number | undefined },
): CapacityDifference {
  const [before, after] = [a, b].map(estimateOf)
  const difference = levelValue(b.level) - levelValue(a.level)
  const isValid = !a.invalid && !b.invalid
  const [low, high] = before && after && isValid ? differenceInterval(before, after) : [-Infinity, Infinity]
  const verdict = low > 0 ? 'better' : high < 0 ? 'worse' : 'cannot tell'
  const share = levelValue(a.level) > 0 ? difference / levelValue(a.level) : undefined
  return {
    change,
    capacity: b,
    difference,
    ...(Number.isFinite(low) ? { low } : {}),
    ...(Number.isFinite(high) ? { high } : {}),
    ...(share === undefined ? {} : { share }),
    verdict,
    ...(gate === undefined
      ? {}
      : { gate: { share: gate, regressed: verdict === 'worse' && (share ?? 0) < -gate } }),
  }
}

/** The lowest load that was tried and missed an objective; absent where none did. */
export function leastMissed({ probes }: Pick<Capacity, 'probes'>): number | undefined {
  const missed = probes.filter(({ pass }) => pass === false).map(({ level }) => levelValue(level))
  return missed.length > 0 ? Math.min(...missed) : undefined
}

/**
 * Where every objective held up to the most that was tried, it may be any more; where one was missed at all loads, any
 * less than the lowest; without an interval nothing is known.
 */
function estimateOf(capacity: Capacity): { value: number; interval: Interval } | undefined {
  const { level, low, high, unbounded } = capacity
  const value = levelValue(level)
  if (value <= 0) {
    const most = leastMissed(capacity)
    return most === undefined ? undefined : { value: most, interval: [0, most] }
  }
  if (unbounded) return { value, interval: [value, Infinity] }
  if (low === undefined || high === undefined) return undefined
  // A capacity is told in whole users, its interval in what the line through the trials says.
  return { value: Math.min(high, Math.max(low, value)), interval: [low, high] }
}
