import { allenCunneen } from '../formulas/allen-cunneen.ts'
import { erlangC } from '../formulas/erlang-c.ts'

/** Coefficients of variation (standard deviation ÷ mean) of the gaps between arrivals and of the service times. */
export interface Variation {
  readonly arrivalCv: number
  readonly serviceCv: number
}

/** Interarrival CV of public traces: Azure LLM inference 2023 (Splitwise, ISCA 2024). */
export const tracedArrivalCv = { conversation: 1.09, code: 13.2 } as const

/** How many times the wait with random (Poisson) arrivals: (ca² + cs²) ÷ (1 + cs²). Source: Kingman (1961). */
export function burstinessFactor({ arrivalCv, serviceCv }: Variation): number {
  return (arrivalCv ** 2 + serviceCv ** 2) / (1 + serviceCv ** 2)
}

/** A pool of servers; `ratePerTime` in the unit of the service time. */
export interface Pool {
  readonly servers: number
  readonly ratePerTime: number
  readonly service: number
}

/**
 * Approximate mean wait for a server, in the unit of the service time. Source: Allen–Cunneen (1990). Gaps are taken as
 * independent: where bursts come in trains, as in traces, the true wait is longer.
 */
export function burstyWait({ servers, ratePerTime, service }: Pool, variation: Variation): number {
  const { arrivalCv, serviceCv } = variation
  return allenCunneen(servers, ratePerTime, service, arrivalCv ** 2, serviceCv ** 2)
}

/**
 * Utilisation at which one server's mean wait is `waits` service times: w ÷ (w + (ca² + cs²) ÷ 2), Kingman (1961)
 * solved for the load.
 */
export function utilisationAtWait(waits: number, { arrivalCv, serviceCv }: Variation): number {
  return waits / (waits + (arrivalCv ** 2 + serviceCv ** 2) / 2)
}

/** The fewest servers whose approximate mean wait is at most `wait`. Source: Allen–Cunneen (1990). */
export function burstyServers(
  { ratePerTime, service }: Omit<Pool, 'servers'>,
  variation: Variation,
  wait: number,
): number {
  const enough = (servers: number): boolean =>
    erlangC(servers, ratePerTime, service).utilisation < 1 &&
    burstyWait({ servers, ratePerTime, service }, variation) <= wait
  let servers = Math.max(1, Math.floor(ratePerTime * service) + 1)
  while (!enough(servers)) servers++
  return servers
}
