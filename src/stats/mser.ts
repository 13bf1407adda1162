const batchSize = 5
/** With fewer batches a minimum says nothing. */
const fewestBatches = 20

/**
 * How many values to drop at the start so that what is left has the smallest standard error of its mean (MSER-5: White,
 * An effective truncation heuristic for bias reduction, Simulation 69, 1997; batches of five after Spratt 1998).
 * Undefined when the rule cannot tell: too few values, or a minimum beyond their half, as where something still grows.
 */
export function mser5(values: ArrayLike<number>): number | undefined {
  const batches = Math.floor(values.length / batchSize)
  if (batches < fewestBatches) return undefined
  const sums = new Float64Array(batches)
  for (let i = 0; i < batches * batchSize; i++) sums[Math.floor(i / batchSize)]! += values[i]!
  const last = sums[batches - 1]!
  let best = 0
  let least = Infinity
  let sum = 0
  let squares = 0
  // From the end: Σ(y − ȳ)² over the values that are left, by Welford, over the square of their number.
  for (let from = batches - 1; from >= 0; from--) {
    const left = batches - from
    // Told from the last one, batches that are alike differ by nothing: their rounding had a minimum somewhere.
    const y = sums[from]! - last
    const before = y - sum / Math.max(1, left - 1)
    sum += y
    squares += left === 1 ? 0 : before * (y - sum / left)
    const error = squares / left ** 2
    // A few last values always differ little among themselves.
    if (left >= fewestBatches / 4 && error <= least) {
      least = error
      best = from
    }
  }
  return best > batches / 2 ? undefined : best * batchSize
}
