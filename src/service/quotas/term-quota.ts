import { type QuotaTerm, reservationOf, settlementOf } from '../../workload/quota-terms.ts'
import type { Demand, Quota, QuotaStatus, Usage } from '../quota.ts'
import { BucketMeter } from './bucket-meter.ts'
import { InFlightMeter } from './in-flight-meter.ts'
import { type Meter, type Now, slackShare } from './meter.ts'
import { SlidingMeter } from './sliding-meter.ts'
import { WindowMeter } from './window-meter.ts'

/** What happens to a call over the limit: refused with a wait, or served outside it at the list price. */
export type OverLimit = 'reject' | 'spill'

/** Several limits of which each must admit a call; those that refuse say the longest wait. */
class TermQuota implements Quota {
  readonly stateLength: number
  readonly #terms: readonly QuotaTerm[]
  readonly #reservations: readonly ReturnType<typeof reservationOf>[]
  readonly #settlements: readonly ReturnType<typeof settlementOf>[]
  readonly #meters: readonly Meter[]
  /** By term: what a token weighs that is charged while it is made, NaN where none is; and whether answers stop for it. */
  readonly #liveWeights: Float64Array
  readonly #stopsLive: readonly boolean[]
  readonly #overLimit: OverLimit
  readonly #now: Now = { atMs: NaN }

  constructor(terms: readonly QuotaTerm[], overLimit: OverLimit, state: Float64Array) {
    this.stateLength = termQuotaLength(terms)
    if (state.length < this.stateLength)
      throw new RangeError(`this quota's state takes ${this.stateLength} numbers`)
    let at = 0
    this.#meters = terms.map((term) =>
      meterOf(term, state.subarray(at, (at += meterLength(term))), this.#now),
    )
    this.#terms = terms
    this.#reservations = terms.map(reservationOf)
    this.#settlements = terms.map(settlementOf)
    this.#liveWeights = Float64Array.from(terms, liveWeightOf)
    this.#stopsLive = terms.map((term) => term.tokens?.live === 'stop')
    this.#overLimit = overLimit
  }

  at(atMs: number): this {
    this.#now.atMs = atMs
    return this
  }

  reset(): void {
    for (const meter of this.#meters) meter.reset()
  }

  admit(demand: Readonly<Demand>): number {
    const waitMs = this.#waitMs(demand)
    if (waitMs === 0) {
      for (let i = 0; i < this.#terms.length; i++) this.#meters[i]!.charge(this.#reservations[i]!(demand))
      return 0
    }
    if (this.#overLimit === 'spill') return -1
    return this.#chargeRefused(demand) ? this.#waitMs(demand) : waitMs
  }

  generate(tokens: number): number {
    for (let i = 0; i < this.#meters.length; i++) {
      const weight = this.#liveWeights[i]!
      if (Number.isNaN(weight)) continue
      const meter = this.#meters[i]!
      meter.advance()
      meter.charge(tokens * weight)
      if (this.#stopsLive[i]! && meter.left() < -meter.limit * slackShare) return Infinity
    }
    return 0
  }

  settle(demand: Readonly<Demand>, usage: Readonly<Usage>): void {
    for (let i = 0; i < this.#meters.length; i++) {
      const weight = this.#liveWeights[i]!
      const told = Number.isNaN(weight) ? 0 : (usage.generatedTokens ?? 0) * weight
      const difference = this.#settlements[i]!(demand, usage) - this.#reservations[i]!(demand) - told
      if (difference === 0) continue
      const meter = this.#meters[i]!
      meter.advance()
      meter.correct(difference, usage)
    }
  }

  level(): number {
    let level = 0
    for (const meter of this.#meters) {
      meter.advance()
      level = Math.max(level, 1 - Math.max(0, meter.left()) / meter.limit)
    }
    return level
  }

  /** Of each unit the limit that has the smallest share left. */
  status(): readonly QuotaStatus[] {
    const tightest = new Map<string, QuotaStatus>()
    this.#terms.forEach(({ of }, i) => {
      const meter = this.#meters[i]!
      meter.advance()
      const limit = Math.floor(meter.limit * (1 + slackShare))
      const remaining = Math.max(0, Math.floor(meter.left() + meter.limit * slackShare))
      const other = tightest.get(of)
      if (other && other.remaining / other.limit <= remaining / limit) return
      tightest.set(of, { of, limit, remaining, resetMs: meter.wholeInMs() })
    })
    return [...tightest.values()]
  }

  #waitMs(demand: Readonly<Demand>): number {
    let waitMs = 0
    for (let i = 0; i < this.#terms.length; i++) {
      const meter = this.#meters[i]!
      meter.advance()
      waitMs = Math.max(waitMs, meter.waitMs(this.#reservations[i]!(demand)))
    }
    return waitMs
  }

  /** Where refused calls count; never below empty, so that who waits as long as told is admitted. */
  #chargeRefused(demand: Readonly<Demand>): boolean {
    let charged = false
    for (let i = 0; i < this.#terms.length; i++) {
      if (!this.#terms[i]!.countsRefused) continue
      const meter = this.#meters[i]!
      meter.charge(Math.min(Math.max(0, meter.left()), this.#reservations[i]!(demand)))
      charged = true
    }
    return charged
  }
}

// Taken out of its terms once, as their weights are: see `quota-terms.ts`.
function liveWeightOf({ tokens }: QuotaTerm): number {
  return tokens?.live && tokens.settle ? tokens.settle.output : NaN
}

function meterLength({ meter }: QuotaTerm): number {
  switch (meter.kind) {
    case 'bucket':
      return BucketMeter.stateLength
    case 'window':
      return WindowMeter.stateLength
    case 'sliding':
      return SlidingMeter.stateLength
    case 'in-flight':
      return InFlightMeter.stateLength
    default:
      return meter satisfies never
  }
}

function meterOf({ meter, overshoot }: QuotaTerm, state: Float64Array, now: Now): Meter {
  switch (meter.kind) {
    case 'bucket':
      return new BucketMeter(meter, overshoot, state, now)
    case 'window':
      return new WindowMeter(meter, overshoot, state, now)
    case 'sliding':
      return new SlidingMeter(meter, overshoot, state, now)
    case 'in-flight':
      return new InFlightMeter(meter, overshoot, state)
    default:
      return meter satisfies never
  }
}

const termQuotaLength = (terms: readonly QuotaTerm[]): number =>
  terms.reduce((sum, term) => sum + meterLength(term), 0)

/** A quota of several limits, whatever each counts and however it forgets; its state is its own unless one is given. */
export function termQuota(
  terms: readonly QuotaTerm[],
  overLimit: OverLimit = 'reject',
  state: Float64Array = new Float64Array(termQuotaLength(terms)),
): Quota {
  return new TermQuota(terms, overLimit, state)
}
