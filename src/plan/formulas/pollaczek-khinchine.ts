/**
 * Mean wait in M/G/1, first come first served: ρ·S·(1 + cs²) ÷ (2(1 − ρ)); Infinity where ρ ≥ 1.
 * `serviceScv` is the squared coefficient of variation of the service time.
 *
 * Source: Pollaczek (1930), Khinchine (1932); Kleinrock, Queueing Systems I, §5.6.
 */
export function pollaczekKhinchine(arrival: number, service: number, serviceScv: number): number {
  const load = arrival * service
  return load >= 1 ? Infinity : (load * service * (1 + serviceScv)) / (2 * (1 - load))
}
