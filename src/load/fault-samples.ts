const mostKinds = 50

/** One kind of fault: of the measured window, and of the time before and after it. */
export interface FaultCount {
  readonly message: string
  readonly count: number
  readonly outside: number
}

interface Seen {
  readonly message: string
  readonly counts: { before: number; within: number; after: number }
}

/** What went wrong in words, each kind once with how often; numbers in it do not make a new kind. */
export class FaultSamples {
  readonly #seen = new Map<string, Seen>()

  add(message: string, when: keyof Seen['counts'] = 'within'): void {
    const kind = message.replace(/\d+/g, '#')
    let known = this.#seen.get(kind)
    if (!known && this.#seen.size < mostKinds)
      this.#seen.set(kind, (known = { message, counts: { before: 0, within: 0, after: 0 } }))
    if (known) known.counts[when]++
  }

  /** The most frequent first. Where all counts from the beginning on, nothing is before the window. */
  read(fromBeginning: boolean): FaultCount[] {
    const all = [...this.#seen.values()].map(({ message, counts: { before, within, after } }) =>
      fromBeginning
        ? { message, count: before + within, outside: after }
        : { message, count: within, outside: before + after },
    )
    return all.sort((a, b) => b.count - a.count || b.outside - a.outside)
  }
}
