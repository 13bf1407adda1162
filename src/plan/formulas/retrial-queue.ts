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

/**
 * M/M/c with retries after rejection, as after HTTP 429. Everyone retrying keeps the load in the system, so
 * that more attempts are rejected than Erlang B says. Level-dependent birth-death chain of (busy servers,
 * customers in orbit), solved downwards from a level without weight with sums of positive numbers only; exact
 * to rounding.
 *
 * Source: Falin, Templeton, Retrial Queues (1997), §1.2 (one server) and §2.2; Artalejo, Gómez-Corral (2008).
 */
export function retrialQueue(model: RetrialModel): RetrialQueue {
  const { servers, arrival, service, retryWait, persistence = 1 } = model
  if (persistence >= 1 && arrival * service >= servers)
    return { blocked: 1, rejected: 1, attempts: Infinity, lost: 0, orbit: Infinity, busy: servers }
  for (let top = 64; ; top *= 2) {
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
  let above = new Float64Array(servers + 1)
  let level = new Float64Array(servers + 1)
  let weight = 1
  let descent = 0
  for (let orbit = top; orbit >= 0; orbit--) {
    profile(level, above, { servers, arrival, done: 1 / service, descent, leave: orbit / retryWait })
    let free = 0
    let busy = servers
    for (let j = 0; j < servers; j++) {
      free += level[j]!
      busy += j * level[j]!
    }
    sums.all += weight * (free + 1)
    sums.busy += weight * busy
    sums.orbit += weight * orbit * (free + 1)
    sums.blocked += weight
    if (orbit === top) sums.atTop = weight * (free + 1)
    if (orbit === 0) break
    // The cut between two levels: up from all servers busy, down by a retry that succeeds or is the last.
    const leaving = (orbit / retryWait) * (free + 1 - persistence)
    const ratio = (arrival * persistence) / leaving
    descent = (orbit / retryWait) * ratio
    weight /= ratio
    if (weight > 1e200) {
      for (const key of ['all', 'busy', 'orbit', 'blocked', 'atTop'] as const) sums[key] /= weight
      weight = 1
    }
    ;[above, level] = [level, above]
  }
  return sums
}

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
 * The weights of one level, that of all servers busy being 1: a tridiagonal system, eliminated without
 * differences.
 */
function profile(level: Float64Array, above: Float64Array, rates: LevelRates): void {
  const { servers, arrival, done, descent, leave } = rates
  const pivot = new Float64Array(servers)
  let excess = leave
  let inflow = 0
  for (let j = 0; j < servers; j++) {
    if (j > 0) {
      inflow = descent * above[j - 1]! + (arrival * inflow) / pivot[j - 1]!
      excess = leave + (j * done * excess) / pivot[j - 1]!
    }
    pivot[j] = arrival + excess
    level[j] = inflow
  }
  level[servers] = 1
  for (let j = servers - 1; j >= 0; j--) level[j] = (level[j]! + (j + 1) * done * level[j + 1]!) / pivot[j]!
}
