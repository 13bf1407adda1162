import { type MeasuredWindow, isMeasured } from '../result/measured-window.ts'
import type { EndedSession } from '../result/ended-sessions.ts'

/** When sessions began and ended, as far as they did, and what became of them. */
export class SessionTally {
  readonly #startedAtMs: number[] = []
  readonly #turnedAwayAtMs: number[] = []
  readonly #ended: { readonly atMs: number; readonly session: EndedSession }[] = []

  started(atMs: number): void {
    this.#startedAtMs.push(atMs)
  }

  ended(atMs: number, session: EndedSession): void {
    this.#ended.push({ atMs, session })
  }

  turnedAway(atMs: number): void {
    this.#turnedAwayAtMs.push(atMs)
  }

  /** Sessions that are under way. */
  get open(): number {
    return this.#startedAtMs.length - this.#ended.length
  }

  /** Sessions that were closed so far. */
  get closed(): number {
    return this.#ended.length
  }

  within(window: MeasuredWindow): {
    readonly started: number
    readonly ended: readonly EndedSession[]
    readonly turnedAway: number
  } {
    const isWithin = (atMs: number): boolean => isMeasured(window, atMs)
    return {
      started: this.#startedAtMs.filter(isWithin).length,
      ended: this.#ended.filter(({ atMs }) => isWithin(atMs)).map(({ session }) => session),
      turnedAway: this.#turnedAwayAtMs.filter(isWithin).length,
    }
  }
}
