import type { TurnPlace } from '../result/good-turns.ts'

/** Turns of a session beyond this one are told apart no more. */
const lastTurn = 999

/**
 * Times between tokens with their counts, by scenario and turn: what a summary needs, in bounded memory, however many
 * tokens stream.
 */
export class InterTokenTally {
  readonly #ofTurns = new Map<number, { readonly of: TurnPlace; readonly gaps: TokenGaps }>()
  readonly #fromMs: number

  /** Tokens before `fromMs` are left out: they belong to the warm-up. */
  constructor(fromMs: number) {
    this.#fromMs = fromMs
  }

  /** Where the gaps of turns at this place go. */
  of(scenario: number, turn: number): TokenGaps {
    const place = Math.min(turn, lastTurn)
    const key = scenario * (lastTurn + 1) + place
    let known = this.#ofTurns.get(key)
    if (!known) {
      known = { of: { scenario, turn: place }, gaps: new TokenGaps(this.#fromMs) }
      this.#ofTurns.set(key, known)
    }
    return known.gaps
  }

  forEach(each: (gapMs: number, count: number, of: TurnPlace) => void): void {
    for (const { of, gaps } of this.#ofTurns.values()) gaps.forEach((gapMs, count) => each(gapMs, count, of))
  }
}

/** Counts of one decade, by its three digits: 1.00 to 9.99 times a power of ten. */
const lowest = 100
const highest = 999
/** Below a microsecond there is nothing to tell apart, and above a day nobody waits. */
const decades = { first: -3, last: 7 }

/** Gaps of one value are counted together: to three significant digits there are few. */
export class TokenGaps {
  readonly #counts: (Float64Array | undefined)[] = []
  #zeros = 0
  readonly #fromMs: number

  constructor(fromMs: number) {
    this.#fromMs = fromMs
  }

  add(atMs: number, gapMs: number, count: number): void {
    if (atMs < this.#fromMs) return
    if (!(gapMs >= 1e-3)) {
      this.#zeros += count
      return
    }
    // Once for each token: powers by comparison cost less than logarithms.
    let decade = decades.first
    let unit = 1e-5
    while (gapMs >= unit * 1000 && decade < decades.last) {
      unit *= 10
      decade++
    }
    let digits = Math.min(10 * highest, Math.round(gapMs / unit))
    if (digits > highest) {
      digits = Math.round(digits / 10)
      decade++
    }
    const counts = (this.#counts[decade - decades.first] ??= new Float64Array(highest + 1 - lowest))
    const place = Math.max(0, digits - lowest)
    counts[place] = counts[place]! + count
  }

  forEach(each: (gapMs: number, count: number) => void): void {
    if (this.#zeros > 0) each(0, this.#zeros)
    this.#counts.forEach((counts, i) => {
      const unit = 10 ** (i + decades.first - 2)
      counts?.forEach((count, place) => {
        if (count > 0) each((place + lowest) * unit, count)
      })
    })
  }
}
