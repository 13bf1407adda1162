/**
 * Times between tokens with their counts, to three significant digits: what a summary needs, in bounded memory,
 * however many tokens stream.
 */
export class InterTokenTally {
  readonly #counts = new Map<number, number>()
  readonly #fromMs: number

  /** Tokens before `fromMs` are left out: they belong to the warm-up. */
  constructor(fromMs: number) {
    this.#fromMs = fromMs
  }

  add(atMs: number, gapMs: number, count: number): void {
    if (atMs < this.#fromMs) return
    const rounded = threeDigits(gapMs)
    this.#counts.set(rounded, (this.#counts.get(rounded) ?? 0) + count)
  }

  forEach(each: (gapMs: number, count: number) => void): void {
    this.#counts.forEach((count, gapMs) => each(gapMs, count))
  }
}

function threeDigits(value: number): number {
  if (value < 0.001) return 0
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2)
  return Math.round(value / unit) * unit
}
