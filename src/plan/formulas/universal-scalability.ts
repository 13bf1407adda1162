/** A system whose parallel work contends for something and must agree on something. */
export interface UniversalScalability {
  /** Throughput of one. */
  readonly lambda: number
  /** Contention: the share of work that waits its turn. */
  readonly sigma: number
  /** Coherency: the share of work spent to agree with each other one. */
  readonly kappa: number
}

/**
 * Universal scalability law: X(N) = λN ÷ (1 + σ(N − 1) + κN(N − 1)).
 *
 * Source: Gunther, Guerrilla Capacity Planning (2007), ch. 4.
 */
export function uslThroughput({ lambda, sigma, kappa }: UniversalScalability, population: number): number {
  const others = population - 1
  return (lambda * population) / (1 + sigma * others + kappa * population * others)
}

/** The N beyond which throughput falls, √((1 − σ) ÷ κ); Infinity where κ is 0. */
export function uslPeak({ sigma, kappa }: UniversalScalability): number {
  if (sigma >= 1) return 1
  return kappa > 0 ? Math.sqrt((1 - sigma) / kappa) : Infinity
}

/** The N at which each takes `latency`, by Little's law N = X · latency; Infinity where no N takes as long. */
export function uslPopulationAtLatency(
  { lambda, sigma, kappa }: UniversalScalability,
  latency: number,
): number {
  const excess = lambda * latency - 1 + sigma
  if (excess <= 0) return 0
  const linear = sigma - kappa
  const root = Math.sqrt(linear ** 2 + 4 * kappa * excess)
  return linear < 0 ? (root - linear) / (2 * kappa) : (2 * excess) / (linear + root)
}
