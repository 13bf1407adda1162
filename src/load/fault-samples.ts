const mostKinds = 50

/** What went wrong in words, each kind once with how often; numbers in it do not make a new kind. */
export class FaultSamples {
  readonly #seen = new Map<string, { message: string; count: number }>()

  add(message: string): void {
    const kind = message.replace(/\d+/g, '#')
    const known = this.#seen.get(kind)
    if (known) known.count++
    else if (this.#seen.size < mostKinds) this.#seen.set(kind, { message, count: 1 })
  }

  /** The most frequent first. */
  read(): { message: string; count: number }[] {
    return [...this.#seen.values()].sort((a, b) => b.count - a.count)
  }
}
