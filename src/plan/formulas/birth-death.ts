/**
 * Steady state of a birth-death chain: `probability[i]` is that of state `first + i`; beyond it nothing of
 * weight.
 */
export interface BirthDeath {
  readonly first: number
  readonly probability: Float64Array
}

const negligible = 1e-18
const mostStates = 2 ** 40

/**
 * Steady state of a chain that moves from n to n + 1 at rate birth(n), which must not rise with n, and back at
 * rate death(n), which must not fall. Weights grow outwards from the likeliest state by ratios of positive
 * numbers, so nothing overflows or cancels. `most` is the last state; where it is Infinity, deaths must at last
 * exceed births, or it throws.
 *
 * Source: Kleinrock, Queueing Systems I (1975), §3.1.
 */
export function birthDeath(
  birth: (n: number) => number,
  death: (n: number) => number,
  most = Infinity,
): BirthDeath {
  const mode = likeliest(birth, death, most)
  const below: number[] = []
  for (let n = mode, weight = 1; n > 0; n--) {
    weight *= death(n) / birth(n - 1)
    if (!(weight > negligible)) break
    below.push(weight)
  }
  const above: number[] = []
  for (let n = mode, weight = 1; n < most; n++) {
    weight *= birth(n) / death(n + 1)
    if (!(weight > negligible)) break
    above.push(weight)
  }
  const probability = Float64Array.from([...below.reverse(), 1, ...above])
  const total = probability.reduce((sum, weight) => sum + weight, 0)
  return { first: mode - below.length, probability: probability.map((weight) => weight / total) }
}

/** The mean of `value(n)` over the steady state. */
export function meanOver({ first, probability }: BirthDeath, value: (n: number) => number): number {
  return probability.reduce((sum, share, i) => sum + share * value(first + i), 0)
}

function likeliest(birth: (n: number) => number, death: (n: number) => number, most: number): number {
  const rises = (n: number): boolean => n <= most && birth(n - 1) >= death(n)
  let low = 0
  let high = 1
  while (rises(high)) {
    low = high
    high *= 2
    if (high > mostStates) throw new RangeError('births outweigh deaths in every state: no steady state')
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (rises(middle)) low = middle
    else high = middle
  }
  return low
}
