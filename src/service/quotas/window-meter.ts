import type { MeterTerms } from '../../workload/quota-terms.ts'
import type { Usage } from '../quota.ts'
import { type Meter, type Now, slackShare } from './meter.ts'

const usedAt = 0
const startedAtMs = 1

/** A counter that starts again with every window. Windows follow each other from the reset on; nothing is carried over. */
export class WindowMeter implements Meter {
  static readonly stateLength = 2
  readonly limit: number
  readonly #windowMs: number
  readonly #overshoot: boolean
  readonly #state: Float64Array
  readonly #now: Now

  constructor(
    terms: Extract<MeterTerms, { kind: 'window' }>,
    overshoot: boolean,
    state: Float64Array,
    now: Now,
  ) {
    this.limit = terms.limit
    this.#windowMs = terms.windowMs
    this.#overshoot = overshoot
    this.#state = state
    this.#now = now
  }

  reset(): void {
    this.#state[usedAt] = 0
    this.#state[startedAtMs] = this.#now.atMs
  }

  advance(): void {
    const state = this.#state
    const windows = Math.floor((this.#now.atMs - state[startedAtMs]!) / this.#windowMs + slackShare)
    if (!(windows > 0)) return
    state[startedAtMs]! += windows * this.#windowMs
    state[usedAt] = 0
  }

  waitMs(amount: number): number {
    const used = this.#state[usedAt]!
    const slack = this.limit * slackShare
    const isRoom = this.#overshoot ? used < this.limit - slack : used + amount <= this.limit + slack
    if (isRoom) return 0
    if (!this.#overshoot && amount > this.limit + slack) return Infinity
    return this.wholeInMs()
  }

  charge(amount: number): void {
    this.#state[usedAt]! += amount
  }

  /** What an earlier window was charged for is gone with it and is not given back to this one. */
  correct(difference: number, { admittedAtMs }: Readonly<Usage>): void {
    const isEarlier = admittedAtMs !== undefined && admittedAtMs < this.#state[startedAtMs]! - slackShare
    if (difference < 0 && isEarlier) return
    this.#state[usedAt] = Math.max(0, this.#state[usedAt]! + difference)
  }

  left(): number {
    return this.limit - this.#state[usedAt]!
  }

  wholeInMs(): number {
    return Math.max(0, this.#state[startedAtMs]! + this.#windowMs - this.#now.atMs)
  }
}
