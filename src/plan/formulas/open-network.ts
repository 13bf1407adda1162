/** Open network of single-server stations; a row an entry of `demands`. One time unit throughout. */
export interface OpenNetwork {
  readonly utilisation: readonly number[]
  /** Mean number at each station; Infinity where it cannot keep up. */
  readonly queue: readonly number[]
  /** Mean time a customer spends at each station. */
  readonly residence: readonly number[]
  readonly response: number
  /** The arrival rate at and above which there is no steady state. */
  readonly limit: number
}

/**
 * Customers arrive by a Poisson process at rate `arrival` and bring demands D_k (visits × service time): each
 * station behaves as an M/M/1 of its own, R_k = D_k ÷ (1 − λD_k).
 *
 * Source: Jackson, Networks of waiting lines, Operations Research 5 (1957); Lazowska et al. (1984), ch. 6.
 */
export function openNetwork(arrival: number, demands: readonly number[]): OpenNetwork {
  const utilisation = demands.map((demand) => arrival * demand)
  const residence = demands.map((demand, k) =>
    utilisation[k]! < 1 ? demand / (1 - utilisation[k]!) : Infinity,
  )
  return {
    utilisation,
    queue: residence.map((time) => arrival * time),
    residence,
    response: residence.reduce((total, time) => total + time, 0),
    limit: 1 / Math.max(...demands),
  }
}
