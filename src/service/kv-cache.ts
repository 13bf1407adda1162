interface Held {
  /** Tokens of its context when it was admitted, prompt and what it had made before. */
  readonly context: number
  /** The station's virtual time then: it has made one token for each unit since. */
  since: number
}

/**
 * Tokens that the calls in service hold in an engine's KV cache: each its context, and one more for each unit of virtual
 * time. All grow alike, so that the instant at which it is full is known.
 */
export class KvCache {
  readonly #limit: number
  readonly #held = new Map<number, Held>()
  /** Σ (context − since): with n calls the cache holds n × virtual time more than this. */
  #base = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Whether a call's context has room now; a call alone always has. */
  fits(context: number, virtual: number): boolean {
    return this.#held.size === 0 || this.#used(virtual) + context <= this.#limit
  }

  admit(job: number, context: number, virtual: number): void {
    this.#held.set(job, { context, since: virtual })
    this.#base += context - virtual
  }

  /** What the call holds goes; its context with what it has made since. */
  release(job: number, virtual: number): number {
    const held = this.#held.get(job)
    if (!held) return 0
    this.#held.delete(job)
    this.#base = this.#held.size === 0 ? 0 : this.#base - held.context + held.since
    return held.context + virtual - held.since
  }

  /** The virtual time at which it is full; Infinity while a call is alone. */
  fullAt(): number {
    return this.#held.size < 2 ? Infinity : (this.#limit - this.#base) / this.#held.size
  }

  /** The call that was admitted last. */
  last(): number {
    let last = NaN
    for (const job of this.#held.keys()) last = job
    return last
  }

  /** Virtual time was set back by so much. */
  rebase(by: number): void {
    for (const held of this.#held.values()) held.since -= by
    this.#base += by * this.#held.size
  }

  #used(virtual: number): number {
    return this.#base + this.#held.size * virtual
  }
}
