/**
 * Approximate mean wait in G/G/1: ρ ÷ (1 − ρ) · (ca² + cs²) ÷ 2 · S, exact for M/G/1 and as ρ goes to 1; Infinity
 * where ρ ≥ 1. The two are the squared coefficients of variation of the arrivals' gaps and of the service times.
 *
 * Source: Kingman, The single server queue in heavy traffic, Math. Proc. Cambridge Phil. Soc. 57 (1961).
 */
export function kingman(arrival: number, service: number, arrivalScv: number, serviceScv: number): number {
  const load = arrival * service
  return load >= 1 ? Infinity : ((load / (1 - load)) * service * (arrivalScv + serviceScv)) / 2
}

/**
 * A wait that the mean of no G/G/1 with independent gaps exceeds: λ(σa² + σs²) ÷ (2(1 − ρ)).
 *
 * Source: Kingman, Some inequalities for the queue GI/G/1, Biometrika 49 (1962).
 */
export function kingmanBound(
  arrival: number,
  service: number,
  arrivalScv: number,
  serviceScv: number,
): number {
  const load = arrival * service
  if (load >= 1) return Infinity
  return (service * (arrivalScv / load + serviceScv * load)) / (2 * (1 - load))
}
