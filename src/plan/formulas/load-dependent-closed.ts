/** A closed population around one load-dependent station. Any one time unit throughout. */
export interface ClosedStation {
  /** Customers, each thinking or at the station; a fraction lies between its neighbours. */
  readonly population: number
  /** Mean think time. */
  readonly think: number
  /** Completions per time with `n` customers at the station (n ≥ 1); must not decrease with `n`. */
  readonly rate: (n: number) => number
  /** Customers the station has room for; an arrival beyond is turned away and thinks again. */
  readonly places?: number
}

/** The exact steady state. */
export interface ClosedStationState {
  /** Completions per time. */
  readonly throughput: number
  /** Mean time at the station of those admitted (Little). */
  readonly response: number
  /** Mean number at the station. */
  readonly atStation: number
  /** Share of arrivals turned away. */
  readonly rejected: number
  /** `probability[i]` is that of `first + i` customers at the station; outside it is below 1e-17 of the largest. */
  readonly first: number
  readonly probability: Float64Array
  /** What an arrival that is admitted finds at the station (arrival theorem); same window. */
  readonly arrivalSees: Float64Array
}

const negligible = 1e-18

/**
 * Machine repairman with a load-dependent station: a birth-death chain with births (N − n) ÷ think and deaths
 * rate(n). Weights are built outwards from the most likely state by ratios of positive numbers, so nothing
 * overflows or cancels (the textbook multi-server MVA does, from N ≈ 115 on), and only the window that carries
 * probability is visited. Product form: exact for any think-time distribution, and for any service distribution
 * where the station shares its processor.
 *
 * Source: Lazowska, Zahorjan, Graham, Sevcik, Quantitative System Performance (1984), ch. 8; Reiser (1981).
 */
export function loadDependentClosed(model: ClosedStation): ClosedStationState {
  const { population, think, rate } = model
  const top = Math.min(Math.ceil(population), model.places ?? Infinity)
  if (population <= 0) return single(0, 0, 0, 0)
  if (think <= 0) return single(top, rate(top), top / rate(top), population > top ? 1 : 0)
  const birth = (n: number): number => (population - n) / think
  const mode = mostLikely(top, birth, rate)
  const below: number[] = []
  for (let n = mode, weight = 1; n > 0; n--) {
    weight *= rate(n) / birth(n - 1)
    if (!(weight > negligible)) break
    below.push(weight)
  }
  const above: number[] = []
  for (let n = mode, weight = 1; n < top; n++) {
    weight *= birth(n) / rate(n + 1)
    if (!(weight > negligible)) break
    above.push(weight)
  }
  const first = mode - below.length
  const probability = Float64Array.from([...below.reverse(), 1, ...above])
  return stateOf(first, normalised(probability), model, top)
}

function stateOf(
  first: number,
  probability: Float64Array,
  { population, think, rate }: ClosedStation,
  top: number,
): ClosedStationState {
  let throughput = 0
  let atStation = 0
  let arrivals = 0
  let rejected = 0
  const arrivalSees = new Float64Array(probability.length)
  for (let i = 0; i < probability.length; i++) {
    const n = first + i
    const share = probability[i]!
    if (n > 0) throughput += share * rate(n)
    atStation += share * n
    const arriving = (share * (population - n)) / think
    arrivals += arriving
    if (n >= top && top < population) rejected += arriving
    else arrivalSees[i] = arriving
  }
  return {
    throughput,
    response: atStation / throughput,
    atStation,
    rejected: arrivals > 0 ? rejected / arrivals : 0,
    first,
    probability,
    arrivalSees: normalised(arrivalSees),
  }
}

/** The state up to which births outweigh deaths: births fall and deaths rise, so there is one. */
function mostLikely(top: number, birth: (n: number) => number, rate: (n: number) => number): number {
  let low = 0
  let high = top
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (birth(middle - 1) >= rate(middle)) low = middle
    else high = middle - 1
  }
  return low
}

function normalised(weights: Float64Array): Float64Array {
  let sum = 0
  for (const weight of weights) sum += weight
  if (sum > 0) for (let i = 0; i < weights.length; i++) weights[i]! /= sum
  return weights
}

function single(n: number, throughput: number, response: number, rejected: number): ClosedStationState {
  const probability = Float64Array.of(1)
  return {
    throughput,
    response,
    atStation: n,
    rejected,
    first: n,
    probability,
    arrivalSees: Float64Array.of(1),
  }
}

/** Completions per time of `servers` equal servers: min(n, servers) ÷ service. */
export function multiServerRate(servers: number, service: number): (n: number) => number {
  return (n) => Math.min(n, servers) / service
}
