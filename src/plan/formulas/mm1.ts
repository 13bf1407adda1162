/** M/M/1, first come first served. */
export interface SingleServer {
  readonly utilisation: number
  /** Mean wait; Infinity where there is no steady state, as all below. */
  readonly wait: number
  readonly response: number
  /** Mean number inside. */
  readonly inside: number
  /** Share of customers whose response time exceeds `time`. */
  beyond(time: number): number
  /** The response time that a share `p` of the customers stays below. */
  percentile(p: number): number
}

/**
 * Its response time is exponential with mean S ÷ (1 − ρ).
 *
 * Source: Kleinrock, Queueing Systems I (1975), §3.2 and §5.7.
 */
export function mm1(arrival: number, service: number): SingleServer {
  const utilisation = arrival * service
  const response = utilisation < 1 ? service / (1 - utilisation) : Infinity
  return {
    utilisation,
    wait: utilisation < 1 ? utilisation * response : Infinity,
    response,
    inside: arrival * response,
    beyond: (time) => Math.exp(-time / response),
    percentile: (p) => -Math.log1p(-p) * response,
  }
}

/** The largest arrival rate at which a share `p` of the customers is done within `limit`; 0 where none is. */
export function mm1Arrival(service: number, p: number, limit: number): number {
  return Math.max(0, 1 / service + Math.log1p(-p) / limit)
}
