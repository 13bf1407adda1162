import type { MeterTerms } from '../../workload/quota-terms.ts'
import { type Meter, type Now, slackShare } from './meter.ts'
import { minuteMs } from '../../workload/units.ts'

const leftAt = 0
const filledAtMs = 1

/**
 * A bucket that fills continuously. What is left is stored. With `overshoot` a call is admitted while the bucket is
 * not overdrawn, whatever its size; seen from the other side that is a leaky bucket at no more than 100 %.
 */
export class BucketMeter implements Meter {
  static readonly stateLength = 2
  readonly limit: number
  readonly #perMs: number
  readonly #overshoot: boolean
  readonly #state: Float64Array
  readonly #now: Now

  constructor(
    terms: Extract<MeterTerms, { kind: 'bucket' }>,
    overshoot: boolean,
    state: Float64Array,
    now: Now,
  ) {
    this.#perMs = terms.perMinute / minuteMs
    this.limit = this.#perMs * terms.depthMs
    this.#overshoot = overshoot
    this.#state = state
    this.#now = now
  }

  reset(): void {
    this.#state[leftAt] = 0
    this.#state[filledAtMs] = this.#now.atMs
  }

  advance(): void {
    const state = this.#state
    const { atMs } = this.#now
    const passedMs = atMs - state[filledAtMs]!
    if (!(passedMs > 0)) return
    state[filledAtMs] = atMs
    state[leftAt] = Math.min(this.limit, state[leftAt]! + passedMs * this.#perMs)
  }

  waitMs(amount: number): number {
    const left = this.#state[leftAt]!
    const need = this.#overshoot ? 0 : amount
    if (need <= left + this.limit * slackShare) return 0
    return need > this.limit * (1 + slackShare) ? Infinity : (need - left) / this.#perMs
  }

  charge(amount: number): void {
    this.#state[leftAt]! -= amount
  }

  correct(difference: number): void {
    this.#state[leftAt] = Math.min(this.limit, this.#state[leftAt]! - difference)
  }

  left(): number {
    return this.#state[leftAt]!
  }

  wholeInMs(): number {
    return (this.limit - this.#state[leftAt]!) / this.#perMs
  }
}
