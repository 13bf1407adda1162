import type { ClosedBounds } from './asymptotic-bounds.ts'

/**
 * Bounds tighter than the asymptotic ones, from comparing the network with two balanced networks: one with every
 * demand at the mean, one with as many stations at the largest demand as keep the total.
 *
 * Source: Zahorjan, Sevcik, Eager, Galler, Balanced job bound analysis of queueing networks, CACM 25 (1982);
 * Lazowska et al. (1984), table 5.3.
 */
export function balancedJobBounds(
  population: number,
  think: number,
  demands: readonly number[],
): ClosedBounds {
  const total = demands.reduce((sum, demand) => sum + demand, 0)
  const largest = Math.max(...demands)
  const mean = total / demands.length
  const others = population - 1
  const low = population / (total + think + (others * largest) / (1 + think / (population * total)))
  const high = Math.min(1 / largest, population / (total + think + (others * mean) / (1 + think / total)))
  return {
    throughput: [low, high],
    response: [population / high - think, population / low - think],
  }
}
