import type { Interval } from './interval.ts'
import { studentTQuantile } from './student-t.ts'

/** The interval of the mean of independent values, such as batch means, that covers it so often; at least two of them. */
export function meanInterval(values: ArrayLike<number>, coverage = 0.95): Interval {
  const all = Array.from(values)
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length
  const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const half =
    studentTQuantile((1 + coverage) / 2, all.length - 1) * Math.sqrt(squares / (all.length - 1) / all.length)
  return [mean - half, mean + half]
}
