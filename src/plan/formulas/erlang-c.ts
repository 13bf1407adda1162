import { erlangB } from './erlang-b.ts'

/** M/M/c with waiting room for all. */
export interface ErlangC {
  /** Share of arrivals that wait; 1 where the servers cannot keep up. */
  readonly waits: number
  /** Mean wait of all arrivals, in units of the service time given; Infinity where there is no steady state. */
  readonly wait: number
  /** Busy share of the servers. */
  readonly utilisation: number
  /** Share of arrivals that wait longer than `time`. */
  beyond(time: number): number
}

/**
 * Source: Erlang (1917); C = B ÷ (1 − ρ(1 − B)), P(wait > t) = C·exp(−(c − A)·t/S).
 */
export function erlangC(servers: number, ratePerTime: number, service: number): ErlangC {
  const erlangs = ratePerTime * service
  const utilisation = erlangs / servers
  if (utilisation >= 1) return { waits: 1, wait: Infinity, utilisation, beyond: () => 1 }
  const lost = erlangB(servers, erlangs)
  const waits = lost / (1 - utilisation * (1 - lost))
  return {
    waits,
    wait: (waits * service) / (servers - erlangs),
    utilisation,
    beyond: (time) => waits * Math.exp((-(servers - erlangs) * time) / service),
  }
}

/** The fewest servers that answer a share `served` of the arrivals within `time`. */
export function erlangCServers(ratePerTime: number, service: number, served: number, time: number): number {
  let servers = Math.floor(ratePerTime * service) + 1
  while (1 - erlangC(servers, ratePerTime, service).beyond(time) < served) servers++
  return servers
}
