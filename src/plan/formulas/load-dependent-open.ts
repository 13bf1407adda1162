import { type BirthDeath, birthDeath, meanOver } from './birth-death.ts'

/** Poisson arrivals at one load-dependent station. Any one time unit throughout. */
export interface OpenStation {
  readonly arrival: number
  /** Completions per time with `n` customers at the station (n ≥ 1); must not decrease with `n`. */
  readonly rate: (n: number) => number
  /** Customers the station has room for; an arrival beyond is turned away. By default all. */
  readonly places?: number
}

/** The exact steady state. */
export interface OpenStationState extends BirthDeath {
  readonly throughput: number
  /** Mean time at the station of those admitted (Little). */
  readonly response: number
  /** Mean number at the station. */
  readonly atStation: number
  /** Share of arrivals turned away. */
  readonly rejected: number
}

/**
 * M/M(n)/1/K: exact for any service distribution where the station shares its processor among all present. Throws
 * where there is no steady state, that is, unbounded room and a rate that arrivals outrun.
 *
 * Source: Kleinrock, Queueing Systems I (1975), §3.1; Kelly, Reversibility and Stochastic Networks (1979), §3.3.
 */
export function loadDependentOpen({ arrival, rate, places = Infinity }: OpenStation): OpenStationState {
  const state = birthDeath(() => arrival, rate, places)
  const rejected = meanOver(state, (n) => (n >= places ? 1 : 0))
  const atStation = meanOver(state, (n) => n)
  const throughput = arrival * (1 - rejected)
  return { ...state, throughput, response: atStation / throughput, atStation, rejected }
}
