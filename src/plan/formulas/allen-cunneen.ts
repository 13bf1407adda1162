import { erlangC } from './erlang-c.ts'

/**
 * Approximate mean wait in G/G/c: that of M/M/c times the mean of the squared coefficients of variation of the
 * arrivals' gaps and of the service times. Exact for M/M/c and M/G/1.
 *
 * Source: Allen, Probability, Statistics and Queueing Theory (2nd ed. 1990), §5.5.
 */
export function allenCunneen(
  servers: number,
  arrival: number,
  service: number,
  arrivalScv: number,
  serviceScv: number,
): number {
  return (erlangC(servers, arrival, service).wait * (arrivalScv + serviceScv)) / 2
}
