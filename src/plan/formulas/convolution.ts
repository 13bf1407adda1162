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
 * underflows, and over the terms alone that carry weight. `think` is the pure delay. Exact where the network has
 * product form.
 *
 * Source: Buzen, Computational algorithms for closed queueing networks (1973); Bolch et al., Queueing Networks
 * and Markov Chains, §8.1.
 */
export function convolution(
  population: number,
  think: number,
  stations: readonly NetworkStation[],
): ClosedNetwork {
  const factors = logFactorsOf(population, think, stations)
  const constant = factors.reduce((all, factor) => convolved(all, factor).log)
  const meanAt = (station: number): Float64Array => {
    const own = factors[factors.length - stations.length + station]!
    const rest = factors.filter((factor) => factor !== own)
    if (rest.length === 0) return Float64Array.from(constant, (_, n) => n)
    return convolved(
      own,
      rest.reduce((all, factor) => convolved(all, factor).log),
    ).mean
  }
  return { throughput: ratios(constant), meanAt }
}

/** Normalising constants G(0) … G(population) of the network. */
export function normalisingConstants(
  population: number,
  think: number,
  stations: readonly NetworkStation[],
): Float64Array {
  return logFactorsOf(population, think, stations)
    .reduce((all, factor) => convolved(all, factor).log)
    .map(Math.exp)
}

/** Of the delay, where there is one, and of each station. */
function logFactorsOf(
  population: number,
  think: number,
  stations: readonly NetworkStation[],
): Float64Array[] {
  const factors = stations.map(({ rate }) => logFactors(population, rate))
  return think > 0 || factors.length === 0 ? [logFactors(population, (n) => n / think), ...factors] : factors
}

function logFactors(population: number, rate: (n: number) => number): Float64Array {
  const factor = new Float64Array(population + 1)
  for (let n = 1; n <= population; n++) factor[n] = factor[n - 1]! - Math.log(rate(n))
  return factor
}

const negligible = 1e-18

/** The convolution of two series of logarithms, and the mean index that each of its sums has in the first. */
function convolved(a: Float64Array, b: Float64Array): { log: Float64Array; mean: Float64Array } {
  const log = new Float64Array(a.length)
  const mean = new Float64Array(a.length)
  const [aUp, aDown] = stepRatios(a)
  const [bUp, bDown] = stepRatios(b)
  const unimodal = fallsOff(a) && fallsOff(b)
  const least = unimodal ? negligible : 0
  for (let n = 0, j = 0; n < a.length; n++) {
    if (unimodal) while (j < n && a[j + 1]! + b[n - j - 1]! > a[j]! + b[n - j]!) j++
    else j = largestTerm(a, b, n)
    let total = 1
    let moment = 0
    let above = 1
    let below = 1
    let step = 0
    // Both ways at once: two chains of multiplications that do not wait for each other.
    for (const both = Math.min(j, n - j); step < both && (above > least || below > least); step++) {
      above *= aUp[j + step]! * bDown[n - j - step]!
      below *= aDown[j - step]! * bUp[n - j + step]!
      total += above + below
      moment += (above - below) * (step + 1)
    }
    for (let i = step; i < n - j && above > least; i++) {
      above *= aUp[j + i]! * bDown[n - j - i]!
      total += above
      moment += above * (i + 1)
    }
    for (let i = step; i < j && below > least; i++) {
      below *= aDown[j - i]! * bUp[n - j + i]!
      total += below
      moment -= below * (i + 1)
    }
    log[n] = a[j]! + b[n - j]! + Math.log(total)
    mean[n] = j + moment / total
  }
  return { log, mean }
}

/** What a term is of the one before, and of the one after. */
function stepRatios(log: Float64Array): readonly [up: Float64Array, down: Float64Array] {
  const up = log.map((value, n) => (n + 1 < log.length ? Math.exp(log[n + 1]! - value) : 0))
  const down = log.map((value, n) => (n > 0 ? Math.exp(log[n - 1]! - value) : 0))
  return [up, down]
}

/** Log-concave, as a station is that never slows down with more customers: then so is every convolution. */
function fallsOff(log: Float64Array): boolean {
  for (let n = 2; n < log.length; n++) {
    const slack = 1e-12 * (1 + Math.abs(log[n]!))
    if (log[n]! - log[n - 1]! > log[n - 1]! - log[n - 2]! + slack) return false
  }
  return true
}

function largestTerm(a: Float64Array, b: Float64Array, n: number): number {
  let largest = 0
  for (let j = 1; j <= n; j++) if (a[j]! + b[n - j]! > a[largest]! + b[n - largest]!) largest = j
  return largest
}

function ratios(constant: Float64Array): Float64Array {
  const throughput = new Float64Array(constant.length)
  for (let n = 1; n < constant.length; n++) throughput[n] = Math.exp(constant[n - 1]! - constant[n]!)
  return throughput
}
