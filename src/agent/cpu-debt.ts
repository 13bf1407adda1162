/** Below this a burn would be mostly the cost of looking at the clock. */
const smallestBurnMs = 0.02

/** CPU that a worker owes for what it has handled; what one burn uses too much, the next one uses less. */
export class CpuDebt {
  readonly #burn: (ms: number) => number
  #owedMs = 0

  constructor(burn: (ms: number) => number) {
    this.#burn = burn
  }

  /** Owes more and pays at once, when it is worth it. */
  charge(ms: number): void {
    this.#owedMs += ms
    if (this.#owedMs >= smallestBurnMs) this.#owedMs -= this.#burn(this.#owedMs)
  }
}
