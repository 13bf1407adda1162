import type { StartLimit } from '../workload/voice-limits.ts'

export interface CarrierLimits {
  /** Calls at once; `Infinity` where there is no limit. */
  readonly channels: number
  /** How many calls may begin, and what becomes of the others. */
  readonly starts?: StartLimit
  /** A call is ended that lasts longer. */
  readonly maxDurationMs: number
}

export type Admission = 'granted' | 'queued' | 'noChannel' | 'tooFast'

/** What time brings about by itself: a call that waited is put through or finds no channel, or one lasts too long. */
export interface CarrierEvents {
  begun(call: number, atMs: number): void
  blocked(call: number, atMs: number): void
  tooLong(call: number, atMs: number): void
}

/**
 * A carrier as a state machine that is told the time: so many channels, so many calls begun in any second, and calls
 * beyond either cleared or kept in line, as the carrier does. Calls are small numbers of the caller's choice. Without
 * a limit of starts it is Erlang's loss system.
 */
export class Carrier {
  readonly limits: CarrierLimits
  /** Calls put through, by when they are too long; in the order of their beginning, so in that of these instants. */
  readonly #active = new Map<number, number>()
  readonly #line = new Set<number>()
  readonly #windowMs: number
  /** The last instants at which a call began, as many as may lie in one window. */
  readonly #starts: Float64Array
  #next = 0

  constructor(limits: CarrierLimits) {
    this.limits = limits
    const perSecond = limits.starts?.startsPerSecond ?? Infinity
    const inWindow = Number.isFinite(perSecond) ? Math.max(1, Math.floor(perSecond)) : 0
    this.#windowMs = inWindow === 0 ? 0 : (1000 * inWindow) / perSecond
    this.#starts = new Float64Array(inWindow).fill(-Infinity)
  }

  get active(): number {
    return this.#active.size
  }

  get waiting(): number {
    return this.#line.size
  }

  arrive(atMs: number, call: number): Admission {
    if (this.#line.size === 0 && atMs >= this.#mayStartAtMs())
      return this.#begin(call, atMs) ? 'granted' : 'noChannel'
    if (this.limits.starts?.over !== 'queued') return 'tooFast'
    this.#line.add(call)
    return 'queued'
  }

  /** The call is over, or its caller no longer waits. */
  leave(call: number): void {
    this.#active.delete(call)
    this.#line.delete(call)
  }

  /** When something happens by itself; `Infinity` where nothing will. */
  nextAtMs(): number {
    return Math.min(this.#line.size > 0 ? this.#mayStartAtMs() : Infinity, this.#firstTooLongAtMs())
  }

  /** Lets time pass. */
  advance(atMs: number, events: CarrierEvents): void {
    for (;;) {
      const tooLongAtMs = this.#firstTooLongAtMs()
      const startAtMs = this.#line.size > 0 ? this.#mayStartAtMs() : Infinity
      if (Math.min(tooLongAtMs, startAtMs) > atMs) return
      if (tooLongAtMs <= startAtMs) {
        const [call] = this.#active.keys()
        this.#active.delete(call!)
        events.tooLong(call!, tooLongAtMs)
      } else {
        const [call] = this.#line
        this.#line.delete(call!)
        if (this.#begin(call!, startAtMs)) events.begun(call!, startAtMs)
        else events.blocked(call!, startAtMs)
      }
    }
  }

  #begin(call: number, atMs: number): boolean {
    if (this.#active.size >= this.limits.channels) return false
    this.#active.set(call, atMs + this.limits.maxDurationMs)
    if (this.#starts.length === 0) return true
    this.#starts[this.#next] = atMs
    this.#next = (this.#next + 1) % this.#starts.length
    return true
  }

  /** The oldest start in the ring must have left the window. */
  #mayStartAtMs(): number {
    return this.#starts.length === 0 ? -Infinity : this.#starts[this.#next]! + this.#windowMs
  }

  #firstTooLongAtMs(): number {
    const [first] = this.#active.values()
    return first ?? Infinity
  }
}
