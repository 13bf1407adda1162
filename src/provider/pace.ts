import type { RealClock } from '../clock/edge/real-clock.ts'
import { Due } from '../clock/timer-wheel.ts'

/** How many tokens there are, and when the first piece of them that was not told before was to be there. */
export type Tell = (tokens: number, dueMs: number) => void

/** The number of tokens at which the next piece is told, after `told` of them. */
export type NextPiece = (told: number) => number

/** The instants at which a model has made its tokens, on the machine's monotonic clock. */
export interface Pace {
  /** Begins; `tell` is called for each piece, the last time with all tokens. */
  start(nowMs: number, tell: Tell): void
  /** Ends it early and frees what it held. */
  stop(nowMs: number): void
  /** Tokens made by now. */
  made(nowMs: number): number
}

export interface Schedule {
  readonly tokens: number
  readonly firstMs: number
  readonly perTokenMs: number
}

/**
 * Token by token on a schedule that is known beforehand: lateness of one never delays another. Pieces that are due
 * together are told at once, so who is late catches up at the cost of one write.
 */
export function scheduledPace(clock: RealClock, schedule: Schedule, nextPiece: NextPiece): Pace {
  return new ScheduledPace(clock, schedule, nextPiece)
}

/** Itself what the clock fires: it is the one object of a stream that is touched for each chunk. */
class ScheduledPace extends Due implements Pace {
  readonly #clock: RealClock
  readonly #firstMs: number
  readonly #perTokenMs: number
  readonly #tokens: number
  readonly #nextPiece: NextPiece
  #tell: Tell | undefined
  #firstDueMs = NaN
  #told = 0
  /** How many tokens are told next. */
  #next: number

  constructor(clock: RealClock, schedule: Schedule, nextPiece: NextPiece) {
    super()
    this.#clock = clock
    this.#firstMs = schedule.firstMs
    this.#perTokenMs = schedule.perTokenMs
    this.#tokens = schedule.tokens
    this.#nextPiece = nextPiece
    this.#next = nextPiece(0)
  }

  start(nowMs: number, tell: Tell): void {
    this.#tell = tell
    this.#firstDueMs = nowMs + this.#firstMs
    this.#clock.set(this, this.#dueMs(this.#next))
  }

  fire(nowMs: number, dueMs: number): void {
    let nextMs = dueMs
    while (nextMs <= nowMs) {
      this.#told = this.#next
      this.#next = this.#nextPiece(this.#told)
      nextMs = this.#told < this.#tokens ? this.#dueMs(this.#next) : Infinity
    }
    this.#tell?.(this.#told, dueMs)
    if (this.#tell && nextMs < Infinity) this.#clock.set(this, nextMs)
  }

  stop(): void {
    this.#clock.clear(this)
    this.#tell = undefined
  }

  made(nowMs: number): number {
    const sinceFirstMs = nowMs - this.#dueMs(1)
    if (!(sinceFirstMs >= 0)) return this.#told
    const made = this.#perTokenMs > 0 ? Math.floor(sinceFirstMs / this.#perTokenMs) + 1 : this.#tokens
    return Math.max(this.#told, Math.min(this.#tokens, made))
  }

  #dueMs(token: number): number {
    return this.#firstDueMs + (token - 1) * this.#perTokenMs
  }
}
