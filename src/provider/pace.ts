import type { RealClock } from '../clock/edge/real-clock.ts'
import { Due } from '../clock/timer-wheel.ts'

/** Who is told what a pace makes. */
export interface Listener {
  /** There are so many tokens now; `dueMs` is when the first piece of those not told before was due. */
  tell(tokens: number, dueMs: number): void
}

/** The sizes in which tokens are told. */
export interface Pieces {
  /** The number of tokens at which the next piece is told, after `told` of them. */
  nextPiece(told: number): number
}

/** The instants at which a model has made its tokens, on the machine's monotonic clock. */
export interface Pace {
  /** Begins; the listener is told of each piece, the last time of all tokens. */
  start(nowMs: number, listener: Listener): void
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
export function scheduledPace(clock: RealClock, schedule: Schedule, pieces: Pieces): Pace {
  return new ScheduledPace(clock, schedule, pieces)
}

/** Itself what the clock fires: it is the one object of a stream that is touched for each chunk. */
class ScheduledPace extends Due implements Pace {
  #listener: Listener | undefined
  readonly #pieces: Pieces
  readonly #clock: RealClock
  readonly #tokens: number
  #told = 0
  /** How many tokens are told next. */
  #next: number
  readonly #perTokenMs: number
  readonly #firstMs: number
  #firstDueMs = NaN

  constructor(clock: RealClock, schedule: Schedule, pieces: Pieces) {
    super()
    this.#clock = clock
    this.#firstMs = schedule.firstMs
    this.#perTokenMs = schedule.perTokenMs
    this.#tokens = schedule.tokens
    this.#pieces = pieces
    this.#next = pieces.nextPiece(0)
  }

  start(nowMs: number, listener: Listener): void {
    this.#listener = listener
    this.#firstDueMs = nowMs + this.#firstMs
    this.#clock.set(this, this.#dueMs(this.#next))
  }

  fire(nowMs: number, dueMs: number): void {
    let nextMs = dueMs
    while (nextMs <= nowMs) {
      this.#told = this.#next
      this.#next = this.#pieces.nextPiece(this.#told)
      // On from the instant that was due, however late this is: reading where the schedule began costs a look in memory.
      nextMs = this.#told < this.#tokens ? nextMs + (this.#next - this.#told) * this.#perTokenMs : Infinity
    }
    this.#listener?.tell(this.#told, dueMs)
    if (this.#listener && nextMs < Infinity) this.#clock.set(this, nextMs)
  }

  stop(): void {
    this.#clock.clear(this)
    this.#listener = undefined
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
