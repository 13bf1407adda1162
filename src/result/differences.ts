import { meanInterval } from '../stats/mean-interval.ts'
import type { Interval } from '../stats/interval.ts'
import type { Summary } from './summary.ts'

/** Two variants of a workload, run with the same seeds: what differs between them, and how surely. */
export interface Differences {
  /** What the second one changes: `agent.workers=8`. */
  readonly change: string
  readonly replications: number
  readonly rows: readonly Difference[]
}

export interface Difference {
  readonly figure: string
  readonly unit: 'ms' | 'share' | 'perSecond' | 'count'
  /** Means over the replications. */
  readonly base: number
  readonly changed: number
  readonly difference: number
  /** Of the difference, 95 %, from the pairs; absent with one replication. */
  readonly interval?: Interval
}

type Figure = readonly [
  figure: string,
  unit: Difference['unit'],
  pick: (summary: Summary) => number | undefined,
]

const figures: readonly Figure[] = [
  ['turns/s', 'perSecond', ({ turns }) => turns.perSecond],
  ['turn mean', 'ms', ({ latency }) => latency.turnMs?.mean],
  ['turn p95', 'ms', ({ latency }) => latency.turnMs?.p95],
  ['ttft p95', 'ms', ({ latency }) => latency.ttftMs?.p95],
  ['errors', 'share', ({ errors }) => errors?.rate],
  ['calls in flight', 'count', ({ calls }) => calls?.inFlight?.mean],
]

/**
 * Pair by pair: both runs of a pair draw the same sessions, tokens and latencies (common random numbers), so that what
 * they share cancels and the interval of the difference is narrower than that of either.
 */
export function pairedDifferences(
  change: string,
  base: readonly Summary[],
  changed: readonly Summary[],
): Differences {
  const rows = figures.flatMap(([figure, unit, pick]): Difference[] => {
    const pairs = base.map((summary, i) => [pick(summary), pick(changed[i]!)] as const)
    const known = pairs.filter((pair): pair is [number, number] => pair.every((value) => value !== undefined))
    if (known.length < pairs.length) return []
    const mean = (of: (pair: [number, number]) => number): number =>
      known.reduce((sum, pair) => sum + of(pair), 0) / known.length
    const gap = ([before, after]: [number, number]): number => after - before
    return [
      {
        figure,
        unit,
        base: mean(([before]) => before),
        changed: mean(([, after]) => after),
        difference: mean(gap),
        ...(known.length > 1 ? { interval: meanInterval(known.map(gap)) } : {}),
      },
    ]
  })
  return { change, replications: base.length, rows }
}
