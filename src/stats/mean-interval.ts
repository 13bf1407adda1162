import { studentTQuantile } from './student-t.ts'

/** The 95 % interval of the mean of independent values, such as batch means; at least two of them. */
export function meanInterval(values: ArrayLike<number>): readonly [low: number, high: number] {
  const all = Array.from(values)
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length
  const squares = all.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const half = studentTQuantile(0.975, all.length - 1) * Math.sqrt(squares / (all.length - 1) / all.length)
  return [mean - half, mean + half]
}
