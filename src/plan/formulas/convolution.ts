/** A station of a closed network; one visit a cycle, so `rate` is in cycles per time. */
export interface NetworkStation {
  /** Completions per time with `n` customers there (n ≥ 1). */
  readonly rate: (n: number) => number
}

/** Throughputs of a closed network for every population up to a limit. */
export interface ClosedNetwork {
  /** `throughput[n]` with n customers; `throughput[0]` is 0. */
  readonly throughput: Float64Array
  /** `meanAt(k)[n]`: mean number at station k with n customers in the network. */
  readonly meanAt: (station: number) => Float64Array
}

/**
 * Buzen's convolution for load-dependent stations, carried out in logarithms so that it neither overflows nor
 * underflows. `think` is the pure delay. Exact where the network has product form.
 *
 * Source: Buzen, Computational algorithms for closed queueing networks (1973); Bolch et al., Queueing Networks
 * and Markov Chains, §8.1.
 */
export function convolution(
  population: number,
  think: number,
  stations: readonly NetworkStation[],
): ClosedNetwork {
  const factors = stations.map((station) => logFactors(population, station.rate))
  const delay = delayFactors(population, think)
  const constant = factors.reduce(logConvolve, delay)
  const throughput = ratios(constant)
  const meanAt = (station: number): Float64Array => {
    const rest = factors.reduce((sum, factor, k) => (k === station ? sum : logConvolve(sum, factor)), delay)
    return meanNumbers(factors[station]!, rest, constant)
  }
  return { throughput, meanAt }
}

/** Normalising constants G(0) … G(population) of the network. */
export function normalisingConstants(
  population: number,
  think: number,
  stations: readonly NetworkStation[],
): Float64Array {
  const factors = stations.map((station) => logFactors(population, station.rate))
  return factors.reduce(logConvolve, delayFactors(population, think)).map(Math.exp)
}

function logFactors(population: number, rate: (n: number) => number): Float64Array {
  const factor = new Float64Array(population + 1)
  for (let n = 1; n <= population; n++) factor[n] = factor[n - 1]! - Math.log(rate(n))
  return factor
}

function delayFactors(population: number, think: number): Float64Array {
  const factor = new Float64Array(population + 1)
  for (let n = 1; n <= population; n++)
    factor[n] = think > 0 ? factor[n - 1]! + Math.log(think / n) : -Infinity
  return factor
}

function logConvolve(a: Float64Array, b: Float64Array): Float64Array {
  const sum = new Float64Array(a.length)
  for (let n = 0; n < a.length; n++) {
    let largest = -Infinity
    for (let j = 0; j <= n; j++) {
      const term = a[j]! + b[n - j]!
      if (term > largest) largest = term
    }
    let total = 0
    for (let j = 0; j <= n; j++) {
      const term = a[j]! + b[n - j]! - largest
      if (term > -40) total += Math.exp(term)
    }
    sum[n] = largest + Math.log(total)
  }
  return sum
}

function ratios(constant: Float64Array): Float64Array {
  const throughput = new Float64Array(constant.length)
  for (let n = 1; n < constant.length; n++) throughput[n] = Math.exp(constant[n - 1]! - constant[n]!)
  return throughput
}

function meanNumbers(own: Float64Array, rest: Float64Array, constant: Float64Array): Float64Array {
  const mean = new Float64Array(constant.length)
  for (let n = 1; n < constant.length; n++)
    for (let j = 1; j <= n; j++) mean[n]! += j * Math.exp(own[j]! + rest[n - j]! - constant[n]!)
  return mean
}
