/** Peak over average, as a range to try where nobody has measured: rules of thumb of capacity planning, not data. */
export const usualPeakToAverage = {
  business: { low: 1.5, high: 2.5 },
  consumer: { low: 2, high: 4 },
} as const

/** What to plan for, in the unit of the average: users, calls or tokens a minute. */
export function peakOf(average: number, peakToAverage: number): number {
  return average * peakToAverage
}

/** A day, or any cycle, by equal parts: the load of each over the mean of all. */
export interface LoadShape {
  /** Load of the busiest part over the mean. */
  readonly peakToAverage: number
  /** Index of the busiest part: the hour, in a day of 24. */
  readonly busiest: number
  /** Share of all work that falls into it. */
  readonly busiestShare: number
  /** Load of each part over the mean. */
  readonly factors: readonly number[]
}

/** The shape of a day from hourly counts or shares, in any unit; whatever is finer than a part is not seen. */
export function loadShape(counts: readonly number[]): LoadShape {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (!(total > 0) || counts.some((count) => count < 0))
    throw new RangeError('a load shape needs counts of at least 0 that are not all 0')
  const factors = counts.map((count) => (count * counts.length) / total)
  const peakToAverage = Math.max(...factors)
  return {
    peakToAverage,
    busiest: factors.indexOf(peakToAverage),
    busiestShare: peakToAverage / counts.length,
    factors,
  }
}

/** What of a load shape does not fit into a fixed capacity. */
export interface ShapeAtCapacity {
  /** Parts of the cycle in which more comes than fits. */
  readonly overloadedParts: number
  /** Share of all work that comes beyond the capacity of its part. */
  readonly beyondShare: number
  /** Share of the capacity that is used, when what comes beyond is turned away. */
  readonly utilisation: number
}

/** What a capacity of so many times the average means for a shape: 1 is bought for the mean, `peakToAverage` for all. */
export function shapeAtCapacity({ factors }: LoadShape, capacityToAverage: number): ShapeAtCapacity {
  const beyond = factors.map((factor) => Math.max(0, factor - capacityToAverage))
  const beyondShare = beyond.reduce((sum, part) => sum + part, 0) / factors.length
  return {
    overloadedParts: beyond.filter((part) => part > 0).length,
    beyondShare,
    utilisation: (1 - beyondShare) / capacityToAverage,
  }
}
