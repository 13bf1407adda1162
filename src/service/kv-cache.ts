import { longer } from '../stats/columns.ts'
import type { EngineCalls } from './engine-calls.ts'

const nobody = -1

/**
 * Tokens that the calls in service hold in an engine's KV cache: each its context, and one more for each unit of virtual
 * time. All grow alike, so that the instant at which it is full is known. Without a limit nothing is counted. Allocates
 * nothing per call.
 */
export class KvCache {
  /** The virtual time at which it is full; Infinity while a call is alone. */
  fullAt = Infinity
  /** The call that was admitted last; -1 when there is none. */
  last = nobody
  readonly #limit: number
  readonly #calls: EngineCalls
  #length = 0
  /** Σ (context − since): with n calls the cache holds n × virtual time more than this. */
  #base = 0
  // By call: the virtual time when it was admitted, since when it has made one token a unit, and who was before and after it.
  #since = new Float64Array(16)
  #before = new Int32Array(16)
  #after = new Int32Array(16)

  constructor(limit: number, calls: EngineCalls) {
    this.#limit = limit
    this.#calls = calls
  }

  /** Whether a call's context has room now, beside the next token of each that is there; a call alone always has. */
  fits(call: number): boolean {
    const { virtual, contexts } = this.#calls
    return this.#length === 0 || this.#base + this.#length * (virtual + 1) + contexts[call]! <= this.#limit
  }

  admit(call: number): void {
    if (this.#limit === Infinity) return
    const { virtual, contexts } = this.#calls
    while (call >= this.#since.length) this.#grow()
    this.#since[call] = virtual
    this.#before[call] = this.last
    this.#after[call] = nobody
    if (this.last !== nobody) this.#after[this.last] = call
    this.last = call
    this.#length++
    this.#base += contexts[call]! - virtual
    this.#lookAhead()
  }

  /** What the call holds goes: its context, with what it has made since. */
  release(call: number): void {
    if (this.#limit === Infinity) return
    const before = this.#before[call]!
    const after = this.#after[call]!
    if (before !== nobody) this.#after[before] = after
    if (after === nobody) this.last = before
    else this.#before[after] = before
    this.#length--
    if (this.#length === 0) this.#base = 0
    else this.#base = this.#base - this.#calls.contexts[call]! + this.#since[call]!
    this.#lookAhead()
  }

  /** Virtual time is set back to 0 from where it is. */
  rebase(): void {
    for (let call = this.last; call !== nobody; call = this.#before[call]!)
      this.#since[call]! -= this.#calls.virtual
    this.#base += this.#calls.virtual * this.#length
    this.#lookAhead()
  }

  #lookAhead(): void {
    if (this.#length < 2) this.fullAt = Infinity
    else this.fullAt = (this.#limit - this.#base) / this.#length
  }

  #grow(): void {
    const length = this.#since.length * 2
    this.#since = longer(this.#since, length)
    this.#before = longer(this.#before, length)
    this.#after = longer(this.#after, length)
  }
}
