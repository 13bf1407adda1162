import { birthDeath, meanOver } from './birth-death.ts'

/** M/M/c + M: arrivals wait, but not for ever. */
export interface ErlangA {
  /** Share of arrivals that find all servers busy. */
  readonly waits: number
  /** Share of arrivals that give up before service. */
  readonly abandoned: number
  /** Mean time in the queue of all arrivals, those who give up included. */
  readonly wait: number
  /** Mean number waiting. */
  readonly queue: number
  /** Busy share of the servers. */
  readonly utilisation: number
  /** Services completed per time. */
  readonly throughput: number
}

/**
 * A pool of `servers` whose waiting customers give up after an exponential `patience` (a mean, as `service`).
 * It has a steady state at any load, since those who leave relieve it.
 *
 * Source: Palm (1946); Garnett, Mandelbaum, Reiman, Designing a call center with impatient customers, M&SOM 4
 * (2002).
 */
export function erlangA(servers: number, arrival: number, service: number, patience: number): ErlangA {
  const state = birthDeath(
    () => arrival,
    (n) => Math.min(n, servers) / service + Math.max(0, n - servers) / patience,
  )
  const queue = meanOver(state, (n) => Math.max(0, n - servers))
  const busy = meanOver(state, (n) => Math.min(n, servers))
  return {
    waits: meanOver(state, (n) => (n >= servers ? 1 : 0)),
    abandoned: queue / patience / arrival,
    wait: queue / arrival,
    queue,
    utilisation: busy / servers,
    throughput: busy / service,
  }
}
