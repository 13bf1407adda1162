/**
 * Little's law: the mean number inside is the rate through times the mean time inside. Holds for any system in
 * steady state, whatever its distributions.
 *
 * Source: Little, A proof for the queuing formula L = λW, Operations Research 9 (1961).
 */
export function littlesLaw(ratePerSecond: number, seconds: number): number {
  return ratePerSecond * seconds
}
