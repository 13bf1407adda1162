import { normalQuantile } from './normal-quantile.ts'

/** A slope that single wild points do not move, with its 95 % interval. */
export interface RobustSlope {
  readonly slope: number
  readonly low: number
  readonly high: number
}

/** With fewer points the interval would span all slopes there are. */
const fewestPoints = 6

/**
 * The median of the slopes between all pairs of points (Theil 1950), and the interval that Kendall's tau gives it (Sen
 * 1968): the slopes whose ranks lie z · sqrt(n(n−1)(2n+5)/18) / 2 to either side of the middle. Absent with fewer than
 * six points, or where all x are the same.
 */
export function theilSen(
  points: readonly { readonly x: number; readonly y: number }[],
): RobustSlope | undefined {
  const slopes: number[] = []
  for (let i = 0; i < points.length; i++)
    for (let j = i + 1; j < points.length; j++) {
      const run = points[j]!.x - points[i]!.x
      if (run !== 0) slopes.push((points[j]!.y - points[i]!.y) / run)
    }
  const n = points.length
  if (n < fewestPoints || slopes.length === 0) return undefined
  slopes.sort((a, b) => a - b)
  const half = (normalQuantile(0.975) * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2
  const middle = (slopes.length - 1) / 2
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, rank))]!
  return {
    slope: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(Math.floor(middle - half)),
    high: at(Math.ceil(middle + half)),
  }
}
