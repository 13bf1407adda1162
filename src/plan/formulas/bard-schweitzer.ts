import type { MeanValues } from './mean-value-analysis.ts'

const enough = 1e-12
const mostSweeps = 100_000

/**
 * Approximate mean value analysis: an arrival finds (N − 1) ÷ N of the mean queue. Its cost does not grow with the
 * population; throughput comes out up to a few percent low around the knee.
 *
 * Source: Bard (1979); Schweitzer, Approximate analysis of multiclass closed networks of queues (1979).
 */
export function bardSchweitzer(population: number, think: number, demands: readonly number[]): MeanValues {
  let queue = demands.map(() => population / demands.length)
  let residence: number[] = []
  let throughput = 0
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    const seen = queue.map((length) => (length * (population - 1)) / population)
    residence = demands.map((demand, k) => demand * (1 + seen[k]!))
    throughput = population / (think + sum(residence))
    const next = residence.map((time) => throughput * time)
    const moved = Math.max(...next.map((length, k) => Math.abs(length - queue[k]!)))
    queue = next
    if (moved < enough * population) break
  }
  return { throughput, response: sum(residence), queue, residence }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
