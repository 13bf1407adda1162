/** When sessions began and ended, as far as they did. */
export class SessionTally {
  readonly #startedAtMs: number[] = []
  readonly #endedAtMs: number[] = []

  started(atMs: number): void {
    this.#startedAtMs.push(atMs)
  }

  ended(atMs: number): void {
    this.#endedAtMs.push(atMs)
  }

  /** Sessions that were closed so far. */
  get closed(): number {
    return this.#endedAtMs.length
  }

  within({ warmupMs, measuredMs }: { readonly warmupMs: number; readonly measuredMs: number }): {
    started: number
    ended: number
  } {
    const isWithin = (atMs: number): boolean => atMs >= warmupMs && atMs < warmupMs + measuredMs
    return {
      started: this.#startedAtMs.filter(isWithin).length,
      ended: this.#endedAtMs.filter(isWithin).length,
    }
  }
}
