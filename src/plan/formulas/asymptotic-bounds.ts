/** Limits between which throughput and response time of a closed network must lie. */
export interface ClosedBounds {
  readonly throughput: readonly [low: number, high: number]
  readonly response: readonly [low: number, high: number]
}

/** The bounds, and where they meet. */
export interface AsymptoticBounds extends ClosedBounds {
  /** N*: the population at which queueing must begin. */
  readonly saturation: number
}

/**
 * Asymptotic bounds of a closed network: demands D_k (visits × service time, divided by the servers of a
 * multi-server station for its bound), think time Z.
 *
 * Source: Denning, Buzen (1978); Lazowska et al. (1984), ch. 5.2.
 */
export function asymptoticBounds(
  population: number,
  think: number,
  demands: readonly number[],
): AsymptoticBounds {
  const total = demands.reduce((sum, demand) => sum + demand, 0)
  const largest = Math.max(...demands)
  const high = Math.min(1 / largest, population / (total + think))
  const low = population / (population * total + think)
  return {
    throughput: [low, high],
    response: [Math.max(total, population * largest - think), population * total],
    saturation: (total + think) / largest,
  }
}
