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
  /** What one waits who is turned away and thinks for no time; without it, nearly all arrivals are such. */
  readonly pause?: number
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
  if (think <= 0) return single(top, rate(top), top / rate(top), turnedAwayWithoutThinking(model, top))
  const mode = mostLikely(model, top)
  const below: number[] = []
  const above: number[] = []
  let total = 0
  let throughput = 0
  eachWeight(model, top, mode, (n, weight, death) => {
    if (n < mode) below.push(weight)
    else above.push(weight)
    total += weight
    throughput += weight * death
  })
  const probability = new Float64Array(below.length + above.length)
  below.forEach((weight, i) => (probability[below.length - 1 - i] = weight / total))
  above.forEach((weight, i) => (probability[below.length + i] = weight / total))
  return stateOf(mode - below.length, probability, model, top, throughput / total)
}

/** Without think time the station is always as full as it gets, and who has no place in it asks once a pause. */
function turnedAwayWithoutThinking({ population, rate, pause = 0 }: ClosedStation, top: number): number {
  const outside = population - top
  return outside > 0 ? outside / (outside + rate(top) * pause) : 0
}

/** The mean time at the station alone, without the law of who is where: for those who ask often. */
export function loadDependentResponse(model: ClosedStation): number {
  const top = Math.min(Math.ceil(model.population), model.places ?? Infinity)
  if (model.population <= 0 || model.think <= 0) return loadDependentClosed(model).response
  let atStation = 0
  let throughput = 0
  eachWeight(model, top, mostLikely(model, top), (n, weight, death) => {
    atStation += weight * n
    throughput += weight * death
  })
  return atStation / throughput
}

/** The states that carry probability, from the likeliest downwards and then upwards, with their weights and rates. */
function eachWeight(
  { population, think, rate }: ClosedStation,
  top: number,
  mode: number,
  visit: (n: number, weight: number, death: number) => void,
): void {
  const atMode = mode > 0 ? rate(mode) : 0
  visit(mode, 1, atMode)
  for (let n = mode, weight = 1, death = atMode; n > 0; n--) {
    weight *= (death * think) / (population - n + 1)
    if (!(weight > negligible)) break
    death = n > 1 ? rate(n - 1) : 0
    visit(n - 1, weight, death)
  }
  for (let n = mode, weight = 1; n < top; n++) {
    const death = rate(n + 1)
    weight *= (population - n) / (think * death)
    if (!(weight > negligible)) break
    visit(n + 1, weight, death)
  }
}

function stateOf(
  first: number,
  probability: Float64Array,
  { population, think }: ClosedStation,
  top: number,
  throughput: number,
): ClosedStationState {
  let atStation = 0
  let admitted = 0
  let rejected = 0
  const arrivalSees = new Float64Array(probability.length)
  for (let i = 0; i < probability.length; i++) {
    const n = first + i
    const share = probability[i]!
    atStation += share * n
    const arriving = (share * Math.max(0, population - n)) / think
    if (n >= top && top < population) rejected += arriving
    else admitted += arrivalSees[i] = arriving
  }
  if (admitted > 0) for (let i = 0; i < arrivalSees.length; i++) arrivalSees[i]! /= admitted
  return {
    throughput,
    response: atStation / throughput,
    atStation,
    rejected: rejected > 0 ? rejected / (admitted + rejected) : 0,
    first,
    probability,
    arrivalSees,
  }
}

/** The state up to which births outweigh deaths: births fall and deaths rise, so there is one. */
function mostLikely({ population, think, rate }: ClosedStation, top: number): number {
  let low = 0
  let high = top
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (population - middle + 1 >= think * rate(middle)) low = middle
    else high = middle - 1
  }
  return low
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
