import { asymptoticBounds, type ClosedBounds } from './asymptotic-bounds.ts'

/**
 * Bounds in most networks tighter than the balanced ones, without iteration: each queue beside the bottleneck
 * holds at least and at most the mean of a truncated geometric distribution. With think time they are the
 * paper's square-root bounds, which follow from X(N)·(N − 1) ÷ N ≤ X(N − 1) ≤ X(N). Single-server stations of
 * demands D_k (visits × service time), think time Z, one time unit throughout.
 *
 * Source: Casale, Muntz, Serazzi, Geometric bounds, IEEE Transactions on Computers 57 (2008), eq. 8 and 13.
 */
export function geometricBounds(population: number, think: number, demands: readonly number[]): ClosedBounds {
  const total = sum(demands)
  const largest = Math.max(...demands)
  const others = population - 1
  const fastest = proportionalBound(others, think, demands)

  const without = (ratioOf: (demand: number) => number): number => {
    const spared = demands
      .filter((demand) => demand < largest)
      .map((demand) => (largest - demand) * truncatedGeometric(ratioOf(demand), others))
    return think + total + largest * others - sum(spared)
  }
  const slow = without((demand) => (demand * others) / (think + total + largest * others))
  const fast = without((demand) => demand * fastest)
  const low = throughputOf(population, slow, think * largest * others)
  const high = throughputOf(population, fast, think * largest * population)
  return { throughput: [low, high], response: [population / high - think, population / low - think] }
}

/** An upper bound of the throughput: queues are at least as uneven as the demands (Eager, Sevcik 1983). */
function proportionalBound(population: number, think: number, demands: readonly number[]): number {
  if (population < 1) return 0
  const total = sum(demands)
  const uneven = sum(demands.map((demand) => demand ** 2)) / total
  const most = population > 1 ? asymptoticBounds(population - 1, think, demands).throughput[1] : 0
  const queued = population - 1 - think * most
  return Math.min(1 / Math.max(...demands), population / (think + total + uneven * queued))
}

/** y + y² + … + yⁿ. */
const truncatedGeometric = (ratio: number, n: number): number => (ratio * (1 - ratio ** n)) / (1 - ratio)

/** The smaller X that solves linear·X − quadratic·X² ÷ population = population. */
const throughputOf = (population: number, linear: number, quadratic: number): number =>
  (2 * population) / (linear + Math.sqrt(linear ** 2 - 4 * quadratic))

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
