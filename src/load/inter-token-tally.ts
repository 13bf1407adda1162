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

/** Gaps of one value are counted together: to three significant digits there are few. */
export class TokenGaps {
  readonly #counts = new Map<number, number>()
  readonly #fromMs: number

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
