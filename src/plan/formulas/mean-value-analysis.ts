/** Solution of a closed network of single-server stations. */
export interface MeanValues {
  readonly throughput: number
  /** Mean time of a cycle outside the think time. */
  readonly response: number
  /** Mean number at each station. */
  readonly queue: readonly number[]
  /** Mean time a cycle spends at each station. */
  readonly residence: readonly number[]
}

/**
 * Exact mean value analysis: one class, single-server (or processor-sharing) stations with service demands
 * `demands` (visits × service time), and a delay `think`.
 *
 * Source: Reiser, Lavenberg, Mean-value analysis of closed multichain queuing networks, JACM 27 (1980).
 */
export function meanValueAnalysis(population: number, think: number, demands: readonly number[]): MeanValues {
  let queue = demands.map(() => 0)
  let residence = demands.map(() => 0)
  let throughput = 0
  for (let n = 1; n <= population; n++) {
    residence = demands.map((demand, k) => demand * (1 + queue[k]!))
    throughput = n / (think + sum(residence))
    queue = residence.map((time) => throughput * time)
  }
  return { throughput, response: sum(residence), queue, residence }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
