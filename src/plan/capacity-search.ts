import type { Summary } from '../result/summary.ts'

export interface CapacityPoint {
  /** The highest level that passes: whole users, or sessions a second to four digits; 0 when none does. */
  readonly value: number
  /** The same, interpolated between the last level that passes and the first that does not. */
  readonly fractional: number
  /** The summary at the first level that fails. */
  readonly broken?: Summary
  readonly unbounded: boolean
}

export interface SearchBounds {
  readonly most: number
  /** Levels are real numbers rather than whole users. */
  readonly open: boolean
  readonly guess?: number | undefined
  /** The objectives' limits, in their order. */
  readonly limits: readonly number[]
}

const openPrecision = 1e-4

/** The boundary between levels that pass and levels that fail, by doubling and halving; more load never helps. */
export function capacitySearch(at: (value: number) => Summary, bounds: SearchBounds): CapacityPoint {
  const { most, open } = bounds
  const least = open ? 1e-4 : 1
  const holds = (value: number): boolean => passes(at(value))
  if (!holds(least)) return { value: 0, fractional: 0, broken: at(least), unbounded: false }
  let [low, high] = bracket(holds, least, most, bounds.guess ?? least, open)
  if (high > most) return { value: most, fractional: most, unbounded: true }
  while (open ? high / low > 1 + openPrecision : high - low > 1) {
    const middle = open ? Math.sqrt(low * high) : Math.floor((low + high) / 2)
    if (holds(middle)) low = middle
    else high = middle
  }
  const broken = at(high)
  return {
    value: open ? Number(low.toPrecision(4)) : low,
    fractional: low + (high - low) * partWay(at(low), broken, bounds.limits),
    broken,
    unbounded: false,
  }
}

export const passes = (summary: Summary): boolean => summary.objectives.every(({ pass }) => pass === true)

/** A level that passes and a higher one that fails, or one beyond `most` when none does. */
function bracket(
  holds: (value: number) => boolean,
  least: number,
  most: number,
  guess: number,
  open: boolean,
): [number, number] {
  let step = guess > least ? 1.15 : 2
  let low = least
  let high = Math.min(most, guess)
  const round = (value: number): number => (open ? value : Math.round(value))
  if (high > least && !holds(high)) {
    for (;;) {
      const lower = Math.min(round(high / step), high - (open ? 0 : 1))
      if (lower <= least) return [least, high]
      if (holds(lower)) return [lower, high]
      high = lower
      step *= step
    }
  }
  low = high
  for (;;) {
    if (low >= most) return [most, Infinity]
    high = Math.min(most, Math.max(round(low * step), low + (open ? 0 : 1)))
    if (!holds(high)) return [low, high]
    low = high
    step = Math.min(2, step * step)
  }
}

/** Where between the two levels the first objective to fail crosses its limit, 0 to 1. */
function partWay(low: Summary, high: Summary, limits: readonly number[]): number {
  const crossings = high.objectives.flatMap((objective, i) => {
    const before = low.objectives[i]!
    if (objective.pass === true || objective.value === undefined || before.value === undefined) return []
    const limit = limits[i]!
    if (objective.value <= before.value) return []
    return [Math.min(1, Math.max(0, (limit - before.value) / (objective.value - before.value)))]
  })
  return crossings.length > 0 ? Math.min(...crossings) : 0
}
