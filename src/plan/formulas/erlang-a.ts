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

/**
 * Share of all arrivals that a server takes within `within`. Who finds k waiting is taken after k + 1 departures, at the
 * rates c/S, c/S + 1/θ, … with those ahead giving up too: 1 − e^(−V/θ) is Beta(k + 1, cθ/S), and having outlasted it
 * weighs it by e^(−V/θ).
 *
 * Source: Palm (1946); Zeltyn, Mandelbaum, Call centers with impatient customers, Queueing Systems 51 (2005).
 */
export function erlangAAnswered(
  servers: number,
  arrival: number,
  service: number,
  patience: number,
  within: number,
): number {
  const { first, probability } = birthDeath(
    () => arrival,
    (n) => Math.min(n, servers) / service + Math.max(0, n - servers) / patience,
  )
  const a = (servers * patience) / service
  const atOnce = probability.reduce((sum, share, i) => (first + i < servers ? sum + share : sum), 0)
  const logX = Math.log(-Math.expm1(-within / patience))
  const b = a + 1
  // I_x(k + 1, b) loses x^k (1 − x)^b ÷ (k·B(k, b)) with each k; in logarithms, which neither vanish nor overflow.
  let beta = -Math.expm1((-b * within) / patience)
  let logLoss = logX + (-b * within) / patience + Math.log(b)
  let waited = 0
  for (let k = 0; servers + k < first + probability.length; k++) {
    if (k > 0) {
      beta = Math.max(0, beta - Math.exp(logLoss))
      logLoss += logX + Math.log((k + b) / (k + 1))
    }
    const share = servers + k < first ? 0 : probability[servers + k - first]!
    waited += (share * a * beta) / (a + k + 1)
  }
  return atOnce + waited
}

/** The fewest servers that take at least the share `answered` of the arrivals within `within`. */
export function erlangAServers(
  arrival: number,
  service: number,
  patience: number,
  answered: number,
  within: number,
): number {
  const enough = (servers: number): boolean =>
    erlangAAnswered(servers, arrival, service, patience, within) >= answered
  let high = 1
  while (!enough(high)) high *= 2
  let low = high / 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle
  }
  return high
}
