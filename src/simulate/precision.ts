import type { Interval } from '../stats/interval.ts'
import type { Summary } from '../result/summary.ts'

/** How precisely a figure is known: half the width of its interval over the figure. */
export interface Precision {
  readonly figure: string
  /** Infinity while no interval is known. */
  readonly relative: number
}

/**
 * The least precise of the figures that the objectives are about; without objectives, of turns a second and the turn's
 * mean and p95. A rate of errors counts against its limit where it lies below: none of a million turns is precise.
 */
export function leastPrecise({ objectives, turns, latency }: Summary): Precision {
  const known: Precision[] = objectives.map(({ text, value, low, high, limit, exceeded }) => {
    const isRate = exceeded !== undefined && limit === exceeded.allowed
    const scale = isRate ? Math.max(value ?? 0, limit) : (value ?? 0)
    return of(text, scale, low === undefined || high === undefined ? undefined : [low, high])
  })
  if (known.length === 0)
    known.push(
      of('turns/s', turns.perSecond, turns.perSecondCi95),
      of('turn mean', latency.turnMs?.mean ?? 0, latency.turnMs?.ci95?.mean),
      of('turn p95', latency.turnMs?.p95 ?? 0, latency.turnMs?.ci95?.p95),
    )
  return known.reduce((worst, each) => (each.relative > worst.relative ? each : worst))
}

function of(figure: string, scale: number, interval: Interval | undefined): Precision {
  if (!interval) return { figure, relative: Infinity }
  const half = (interval[1] - interval[0]) / 2
  return { figure, relative: half === 0 ? 0 : half / scale }
}

/** A run that is not precise enough grows at least so much, at most so much, and a little more than it seems to need. */
const leastGrowth = 1.5
const mostGrowth = 8
const spare = 1.1

/**
 * How long the next run should measure so that `wanted` is met (widths shrink with the square root of the length);
 * undefined when this one is precise enough or already as long as it may be.
 */
export function nextLengthMs(
  seen: Precision,
  wanted: number,
  measuredMs: number,
  mostMs: number,
): number | undefined {
  if (seen.relative <= wanted || measuredMs >= mostMs) return undefined
  const growth = Math.min(mostGrowth, Math.max(leastGrowth, spare * (seen.relative / wanted) ** 2))
  return Math.min(mostMs, measuredMs * growth)
}
