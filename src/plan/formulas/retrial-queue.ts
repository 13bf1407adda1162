import { erlangB } from './erlang-b.ts'

/** Servers without a queue, whose rejected customers come back. One time unit throughout. */
export interface RetrialModel {
  readonly servers: number
  /** First attempts per time. */
  readonly arrival: number
  readonly service: number
  /** Mean time from a rejection to the next attempt. */
  readonly retryWait: number
  /** Probability that a rejected attempt is followed by another; by default 1. */
  readonly persistence?: number
}

/** The steady state; times in the unit of the model's own. */
export interface RetrialQueue {
  /** Share of first attempts rejected: all servers are busy. */
  readonly blocked: number
  /** Share of all attempts rejected, retries included. */
  readonly rejected: number
  /** Mean attempts of a customer. */
  readonly attempts: number
  /** Share of customers that give up in the end. */
  readonly lost: number
  /** Mean number between attempts; Infinity, as `attempts`, where there is no steady state. */
  readonly orbit: number
  /** Mean number of servers busy. */
  readonly busy: number
}

const negligible = 1e-16
const mostLevels = 2 ** 20
/** Rarer than this and rejections are beyond what numbers hold: those after the first change nothing. */
const leastBlocking = 1e-200

/**
 * M/M/c with retries after rejection, as after HTTP 429. Everyone retrying keeps the load in the system, so
 * that more attempts are rejected than Erlang B says. Level-dependent birth-death chain of (busy servers,
 * customers in orbit), solved downwards from a level without weight with sums of positive numbers only, over the
 * states that carry weight; exact to rounding.
 *
 * Source: Falin, Templeton, Retrial Queues (1997), §1.2 (one server) and §2.2; Artalejo, Gómez-Corral (2008).
 */
export function retrialQueue(model: RetrialModel): RetrialQueue {
  const { servers, arrival, service, retryWait, persistence = 1 } = model
  if (persistence >= 1 && arrival * service >= servers)
    return { blocked: 1, rejected: 1, attempts: Infinity, lost: 0, orbit: Infinity, busy: servers }
  const once = erlangB(servers, arrival * service)
  if (once < leastBlocking) return hardlyEver(model, once)
  for (let top = 64; ; top *= 4) {
    if (top > mostLevels) throw new RangeError('too close to saturation to be solved: load above 0.9999')
    const sums = downwards(model, top)
    if (sums.atTop > negligible * sums.all) continue
    const busy = sums.busy / sums.all
    const orbit = sums.orbit / sums.all
    const attempts = 1 + orbit / retryWait / arrival
    const served = busy / service / arrival
    return {
      blocked: sums.blocked / sums.all,
      rejected: Math.max(0, 1 - served / attempts),
      attempts,
      lost: persistence < 1 ? Math.max(0, 1 - served) : 0,
      orbit,
      busy,
    }
  }
}

function hardlyEver(model: RetrialModel, blocked: number): RetrialQueue {
  const { arrival, service, retryWait, persistence = 1 } = model
  const again = blocked * persistence
  return {
    blocked,
    rejected: blocked,
    attempts: 1 + again,
    lost: blocked * (1 - persistence),
    orbit: again * arrival * retryWait,
    busy: arrival * service,
  }
}

interface Sums {
  all: number
  busy: number
  orbit: number
  blocked: number
  atTop: number
}

/**
 * Weights of all states up to `top` in orbit, summed; a level's are known up to a factor from those of the
 * next.
 */
function downwards(
  { servers, arrival, service, retryWait, persistence = 1 }: RetrialModel,
  top: number,
): Sums {
  const sums: Sums = { all: 0, busy: 0, orbit: 0, blocked: 0, atTop: 0 }
  let above = emptyLevel(servers)
  let level = emptyLevel(servers)
  const pivot = new Float64Array(servers)
  let weight = 1
  let descent = 0
  let massAbove = 0
  for (let orbit = top; orbit >= 0; orbit--) {
    profile(level, above, pivot, { servers, arrival, done: 1 / service, descent, leave: orbit / retryWait })
    const { free, busy } = level
    const mass = weight * (free + 1)
    sums.all += mass
    sums.busy += weight * busy
    sums.orbit += orbit * mass
    sums.blocked += weight
    if (orbit === top) sums.atTop = mass
    if (orbit === 0 || (mass < massAbove && mass < insignificant * sums.all)) break
    massAbove = mass
    // The cut between two levels: up from all servers busy, down by a retry that succeeds or is the last.
    const leaving = (orbit / retryWait) * (free + 1 - persistence)
    const ratio = (arrival * persistence) / leaving
    descent = (orbit / retryWait) * ratio
    weight /= ratio
    if (weight > 1e200) {
      for (const key of ['all', 'busy', 'orbit', 'blocked', 'atTop'] as const) sums[key] /= weight
      massAbove /= weight
      weight = 1
    }
    ;[above, level] = [level, above]
  }
  return sums
}

const insignificant = 1e-20

/** The weights of one level from `from` servers busy on, that of all of them being 1; below they do not count. */
interface Level {
  readonly weights: Float64Array
  from: number
  /** Weight of the states with a server free, and the mean of busy servers times the weight of all. */
  free: number
  busy: number
}

/** All of it counts: nothing is known yet. */
const emptyLevel = (servers: number): Level => ({
  weights: new Float64Array(servers + 1),
  from: servers,
  free: 0,
  busy: 0,
})

interface LevelRates {
  readonly servers: number
  readonly arrival: number
  readonly done: number
  /** Flow from the level above per weight there, in units of this level's weight. */
  readonly descent: number
  /** Rate of retries at this level. */
  readonly leave: number
}

/**
 * The weights of one level: a tridiagonal system, eliminated without differences, begun a little below where the
 * weights of the level above do, and further below until the first does not count.
 */
function profile(level: Level, above: Level, pivot: Float64Array, rates: LevelRates): void {
  let margin = 8
  for (let from = Math.max(0, above.from - margin); ; from = Math.max(0, from - margin)) {
    eliminate(level, above, pivot, from, rates)
    if (from === 0 || level.weights[from]! < insignificant * (level.free + 1)) break
    margin *= 4
  }
  const least = insignificant * (level.free + 1)
  while (level.from < rates.servers && level.weights[level.from]! < least) level.from++
}

function eliminate(
  level: Level,
  above: Level,
  pivot: Float64Array,
  from: number,
  { servers, arrival, done, descent, leave }: LevelRates,
): void {
  const { weights } = level
  let excess = leave
  let inflow = from > above.from ? descent * above.weights[from - 1]! : 0
  for (let j = from; ;) {
    const inverse = 1 / (arrival + excess)
    pivot[j] = inverse
    weights[j] = inflow
    if (++j >= servers) break
    excess = leave + j * done * excess * inverse
    inflow = arrival * inflow * inverse + (j > above.from ? descent * above.weights[j - 1]! : 0)
  }
  weights[servers] = 1
  let free = 0
  let busy = servers
  let next = 1
  for (let j = servers - 1; j >= from; j--) {
    next = (weights[j]! + (j + 1) * done * next) * pivot[j]!
    weights[j] = next
    free += next
    busy += j * next
  }
  level.from = from
  level.free = free
  level.busy = busy
}
