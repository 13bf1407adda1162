/** M/M/c/K: `places` in all, those in service counted; arrivals beyond are turned away. */
export interface FiniteQueue {
  readonly empty: number
  /** Share of arrivals turned away. */
  readonly rejected: number
  readonly meanInside: number
  /** Mean wait of those admitted. */
  readonly wait: number
  readonly throughput: number
}

/**
 * `serviceRate` is what one server completes per time (not a service time, as elsewhere).
 *
 * Birth-death chain of an agent with `servers` slots and a bounded queue under Poisson arrivals; weights are kept
 * relative to their largest, so thousands of places do not overflow.
 *
 * Source: Kleinrock, Queueing Systems I (1975), §3.6.
 */
export function mmck(arrival: number, serviceRate: number, servers: number, places: number): FiniteQueue {
  const logs = new Float64Array(places + 1)
  for (let n = 1; n <= places; n++)
    logs[n] = logs[n - 1]! + Math.log(arrival) - Math.log(Math.min(n, servers) * serviceRate)
  const largest = logs.reduce((most, value) => Math.max(most, value), -Infinity)
  let total = 0
  let inside = 0
  let waiting = 0
  for (let n = 0; n <= places; n++) {
    const weight = Math.exp(logs[n]! - largest)
    total += weight
    inside += n * weight
    waiting += Math.max(0, n - servers) * weight
  }
  const rejected = Math.exp(logs[places]! - largest) / total
  const throughput = arrival * (1 - rejected)
  return {
    empty: Math.exp(-largest) / total,
    rejected,
    meanInside: inside / total,
    wait: waiting / total / throughput,
    throughput,
  }
}
