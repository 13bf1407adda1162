import type { MeterTerms } from '../../workload/quota-terms.ts'
import type { Usage } from '../quota.ts'
import { type Meter, type Now, slackShare } from './meter.ts'

/** Slices of a window: what is used is forgotten up to one slice late, never early. */
const slices = 60
const kept = slices + 1
const headAt = kept

/**
 * At most `limit` in any stretch of `windowMs`, counted in slices of it: this slice and the 60 before. The limit is
 * never passed in any window; at worst 1/60 of the window more is remembered than need be.
 */
export class SlidingMeter implements Meter {
  static readonly stateLength = kept + 1
  readonly limit: number
  readonly #sliceMs: number
  readonly #overshoot: boolean
  readonly #state: Float64Array
  readonly #now: Now

  constructor(
    terms: Extract<MeterTerms, { kind: 'sliding' }>,
    overshoot: boolean,
    state: Float64Array,
    now: Now,
  ) {
    this.limit = terms.limit
    this.#sliceMs = terms.windowMs / slices
    this.#overshoot = overshoot
    this.#state = state
    this.#now = now
  }

  reset(): void {
    this.#state.fill(0)
    this.#state[headAt] = this.#sliceOf(this.#now.atMs)
  }

  advance(): void {
    const state = this.#state
    const head = state[headAt]!
    const slice = this.#sliceOf(this.#now.atMs)
    if (!(slice > head)) return
    for (let i = Math.max(head + 1, slice - slices); i <= slice; i++) state[i % kept] = 0
    state[headAt] = slice
  }

  waitMs(amount: number): number {
    if (this.#admits(this.#used(), amount)) return 0
    if (!this.#overshoot && !this.#admits(0, amount)) return Infinity
    const head = this.#state[headAt]!
    let used = this.#used()
    for (let slice = Math.max(0, head - slices); slice <= head; slice++) {
      used -= this.#state[slice % kept]!
      if (this.#admits(used, amount)) return (slice + kept) * this.#sliceMs - this.#now.atMs
    }
    return this.wholeInMs()
  }

  charge(amount: number): void {
    this.#state[this.#state[headAt]! % kept]! += amount
  }

  /** Gives back to the slice that was charged while it is remembered; what is used beyond the estimate is used now. */
  correct(difference: number, { admittedAtMs }: Readonly<Usage>): void {
    const state = this.#state
    const head = state[headAt]!
    const slice = difference > 0 || admittedAtMs === undefined ? head : this.#sliceOf(admittedAtMs)
    if (slice < head - slices) return
    state[slice % kept] = Math.max(0, state[slice % kept]! + difference)
  }

  left(): number {
    return this.limit - this.#used()
  }

  wholeInMs(): number {
    const head = this.#state[headAt]!
    for (let slice = head; slice >= Math.max(0, head - slices); slice--) {
      if (this.#state[slice % kept]! > 0) return (slice + kept) * this.#sliceMs - this.#now.atMs
    }
    return 0
  }

  #admits(used: number, amount: number): boolean {
    const slack = this.limit * slackShare
    return this.#overshoot ? used < this.limit - slack : used + amount <= this.limit + slack
  }

  #used(): number {
    let used = 0
    for (let i = 0; i < kept; i++) used += this.#state[i]!
    return used
  }

  #sliceOf(atMs: number): number {
    return Math.floor(atMs / this.#sliceMs + slackShare)
  }
}
