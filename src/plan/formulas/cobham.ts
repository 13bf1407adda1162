/** Customers of one priority, Poisson; the first in a list go first. */
export interface PriorityClass {
  readonly arrival: number
  readonly service: number
  /** Squared coefficient of variation of the service time. */
  readonly serviceScv: number
}

/**
 * Mean wait of each priority in an M/G/1 that finishes what it has begun: W_k = W₀ ÷ ((1 − σ_{k−1})(1 − σ_k))
 * with σ_k the load of the classes up to k and W₀ the work in service an arrival finds. From the class on with
 * which the load reaches 1 it is Infinity; those before it stay finite.
 *
 * Source: Cobham, Priority assignment in waiting line problems, Operations Research 2 (1954).
 */
export function cobham(classes: readonly PriorityClass[]): readonly number[] {
  const free = [1]
  let inService = 0
  for (const { arrival, service, serviceScv } of classes) {
    const load = Math.min(arrival * service, free.at(-1)!)
    inService += (load * service * (1 + serviceScv)) / 2
    free.push(free.at(-1)! - load)
  }
  return classes.map((_, k) => (free[k + 1]! > 0 ? inService / (free[k]! * free[k + 1]!) : Infinity))
}
