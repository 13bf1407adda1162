const binsPerDoubling = 16
const smallestMs = 0.01
const bins = 400

/** What a `Lateness` holds, for another thread's. */
export interface LatenessParts {
  readonly bins: Float64Array
  readonly maxMs: number
}

/** How late things were done, in bins that are 4 % wide; early is not late. */
export class Lateness {
  maxMs = 0
  #count = 0
  #bins = new Float64Array(bins)

  add(ms: number): void {
    const bin = ms <= smallestMs ? 0 : Math.ceil(Math.log2(ms / smallestMs) * binsPerDoubling)
    this.#bins[Math.min(bin, bins - 1)]!++
    this.#count++
    if (ms > this.maxMs) this.maxMs = ms
  }

  /** Hands over what it holds and begins afresh. */
  take(): LatenessParts {
    const taken = { bins: this.#bins, maxMs: this.maxMs }
    this.#bins = new Float64Array(bins)
    this.#count = 0
    this.maxMs = 0
    return taken
  }

  addAll({ bins, maxMs }: LatenessParts): void {
    bins.forEach((count, bin) => {
      this.#bins[bin]! += count
      this.#count += count
    })
    this.maxMs = Math.max(this.maxMs, maxMs)
  }

  /** Upper end of the bin in which the share `p` is reached; 0 when nothing was done. */
  quantile(p: number): number {
    let left = p * this.#count
    for (let bin = 0; bin < bins && this.#count > 0; bin++) {
      left -= this.#bins[bin]!
      if (left <= 0) return bin === 0 ? 0 : Math.min(this.maxMs, smallestMs * 2 ** (bin / binsPerDoubling))
    }
    return this.maxMs
  }
}
