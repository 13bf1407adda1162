/** What a speech service takes at once and begins in a second. */
export interface SpeechLimits {
  /** `Infinity`: no limit. */
  readonly concurrent: number
  /** `Infinity`: no limit. */
  readonly startsPerSecond: number
  /** What becomes of starts beyond it. */
  readonly over: 'queued' | 'rejected'
}

/** The slots of a speech service: a pure state machine that is told the time, milliseconds. */
export class SpeechSlots {
  readonly #limits: SpeechLimits
  #taken = 0
  #most = 0
  #refused = 0
  /** When the next start fits, as starts are spaced evenly with a second's worth at once. */
  #nextStartMs = -Infinity

  constructor(limits: SpeechLimits) {
    this.#limits = limits
  }

  get taken(): number {
    return this.#taken
  }

  /** The most that were taken at once. */
  get most(): number {
    return this.#most
  }

  get refused(): number {
    return this.#refused
  }

  /** Takes `slots` of them and says after how many milliseconds to begin; undefined: refused. */
  take(atMs: number, slots: number): number | undefined {
    const { concurrent, startsPerSecond, over } = this.#limits
    const spacingMs = 1000 / startsPerSecond
    const startMs = Math.max(atMs, this.#nextStartMs)
    const waitMs = Math.max(0, startMs - atMs - Math.max(0, 1000 - spacingMs))
    if (this.#taken + slots > concurrent || (waitMs > 0 && over === 'rejected')) {
      this.#refused++
      return undefined
    }
    this.#nextStartMs = startMs + spacingMs
    this.#taken += slots
    this.#most = Math.max(this.#most, this.#taken)
    return waitMs
  }

  free(slots: number): void {
    this.#taken -= slots
  }
}
