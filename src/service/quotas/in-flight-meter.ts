import type { MeterTerms } from '../../workload/quota-terms.ts'
import { type Meter, slackShare } from './meter.ts'

/** What calls hold while they are in flight. Only their end makes room, so the wait that it names is a guess. */
export class InFlightMeter implements Meter {
  static readonly stateLength = 1
  readonly limit: number
  readonly #retryAfterMs: number
  readonly #overshoot: boolean
  readonly #state: Float64Array

  constructor(terms: Extract<MeterTerms, { kind: 'in-flight' }>, overshoot: boolean, state: Float64Array) {
    this.limit = terms.limit
    this.#retryAfterMs = terms.retryAfterMs
    this.#overshoot = overshoot
    this.#state = state
  }

  reset(): void {
    this.#state[0] = 0
  }

  advance(): void {}

  waitMs(amount: number): number {
    const slack = this.limit * slackShare
    const held = this.#state[0]!
    const isRoom = this.#overshoot ? held < this.limit - slack : held + amount <= this.limit + slack
    if (isRoom) return 0
    return !this.#overshoot && amount > this.limit + slack ? Infinity : this.#retryAfterMs
  }

  charge(amount: number): void {
    this.#state[0]! += amount
  }

  correct(difference: number): void {
    this.#state[0] = Math.max(0, this.#state[0]! + difference)
  }

  left(): number {
    return this.limit - this.#state[0]!
  }

  wholeInMs(): number {
    return this.#state[0]! > 0 ? this.#retryAfterMs : 0
  }
}
