import { loadDependentClosed, multiServerRate } from './load-dependent-closed.ts'

/** A machine repairman: users think, then one of `servers` serves them, first come first served. */
export interface MachineRepairman {
  readonly population: number
  readonly think: number
  readonly servers: number
  readonly service: number
}

/**
 * Share of turns that take longer than `time`: by the arrival theorem a turn finds the network with one user
 * fewer, n at the station; then it waits for n − c + 1 departures (Erlang) and is served (exponential).
 * Exact for exponential service.
 *
 * Source: Sevcik, Mitrani, JACM 28 (1981), and Lavenberg, Reiser (1980), for the arrival theorem.
 */
export function closedResponseBeyond(model: MachineRepairman, time: number): number {
  const { population, think, servers, service } = model
  const state = loadDependentClosed({ population, think, rate: multiServerRate(servers, service) })
  let share = 0
  state.arrivalSees.forEach((probability, i) => {
    share += probability * beyond(state.first + i - servers + 1, servers, time / service)
  })
  return share
}

/** The time that a share `p` of the turns stays below. */
export function closedResponsePercentile(model: MachineRepairman, p: number): number {
  let high = model.service
  while (closedResponseBeyond(model, high) > 1 - p) high *= 2
  let low = 0
  for (let i = 0; i < 100 && high - low > 1e-10 * high; i++) {
    const middle = (low + high) / 2
    if (closedResponseBeyond(model, middle) > 1 - p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * P(E + S > t) with t in service times, E the time of `departures` at rate c and S exponential. Conditioning on how
 * many departures come by t: with k still wanted the wait is not over; else the last of them left some time for S.
 */
function beyond(departures: number, servers: number, t: number): number {
  if (departures <= 0) return Math.exp(-t)
  if (servers === 1) return poissonBelow(departures + 1, t)
  const waiting = poissonBelow(departures, servers * t)
  // ∫ f(x)·e^−(t−x) dx = e^−t · (c/(c−1))^k · P(Erlang(k, c−1) ≤ t), in logarithms.
  const rest = (servers - 1) * t
  const served = logPoissonFrom(departures, rest)
  return Math.min(1, waiting + Math.exp(-t + departures * Math.log(servers / (servers - 1)) + served))
}

/** P(Poisson(mean) < k). */
function poissonBelow(k: number, mean: number): number {
  if (mean <= 0) return 1
  const from = k > mean ? NaN : k - 1
  if (Number.isNaN(from)) return 1 - Math.exp(logPoissonFrom(k, mean))
  let term = 1
  let sum = 0
  for (let j = k - 1; j >= 0 && term > 1e-18; j--) {
    sum += term
    term *= j / mean
  }
  return Math.exp(logPoisson(k - 1, mean)) * sum
}

/** log P(Poisson(mean) ≥ k). */
function logPoissonFrom(k: number, mean: number): number {
  if (mean <= 0) return -Infinity
  if (k < mean) return Math.log1p(-poissonBelow(k, mean))
  let term = 1
  let sum = 0
  for (let j = k; term > 1e-18; j++) {
    sum += term
    term *= mean / (j + 1)
  }
  return logPoisson(k, mean) + Math.log(sum)
}

const logPoisson = (k: number, mean: number): number => k * Math.log(mean) - mean - logFactorial(k)

/** Stirling's series beyond 30: relative error below 1e-14. */
function logFactorial(k: number): number {
  if (k < 30) {
    let product = 1
    for (let j = 2; j <= k; j++) product *= j
    return Math.log(product)
  }
  const x = k + 1
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  )
}
