import { longer } from '../stats/columns.ts'
import type { StartLimit } from '../workload/voice-limits.ts'
import { AdmissionLine } from './admission-line.ts'

/** What a carrier puts through. */
export interface CarrierLimits {
  /** Calls at once; `Infinity` where there is no limit. */
  readonly channels: number
  /** How many calls may begin, and what becomes of the others. */
  readonly starts?: StartLimit
  /** A call is ended that lasts longer. */
  readonly maxDurationMs: number
}

/** What the carrier says of a call that is offered: `tooFast` where more begin than may, and none is kept in line. */
export type Admission = 'granted' | 'queued' | 'noChannel' | 'tooFast'

/** What time brings about by itself: a call that waited is put through or finds no channel, or one lasts too long. */
export interface CarrierEvents {
  begun(call: number, atMs: number): void
  blocked(call: number, atMs: number): void
  tooLong(call: number, atMs: number): void
}

/**
 * A carrier as a state machine that is told the time: so many channels, so many calls begun in any second, and calls
 * beyond either cleared or kept in line, as the carrier does. Calls are small whole numbers of the caller's choice, another
 * call's once one is over. Without a limit of starts it is Erlang's loss system.
 */
export class Carrier {
  readonly limits: CarrierLimits
  /** When something happens by itself; `Infinity` where nothing will. */
  nextAtMs = Infinity
  /** When the first call in line may begin, and the first one on the line is too long. */
  #startsAtMs = Infinity
  #endsAtMs = Infinity
  /** Calls put through in the order of their beginning, so in that of when they are too long. */
  readonly #active = new AdmissionLine('fifo', 1)
  readonly #line = new AdmissionLine('fifo', 1)
  /** By call. */
  #tooLongAtMs = new Float64Array(64)
  readonly #windowMs: number
  /** The last instants at which a call began, as many as may lie in one window: the oldest must have left it. */
  readonly #starts: Float64Array
  #next = 0
  #atMs = NaN

  constructor(limits: CarrierLimits) {
    this.limits = limits
    const perSecond = limits.starts?.startsPerSecond ?? Infinity
    // Without a limit there is no window: the last start is in none.
    const inWindow = Number.isFinite(perSecond) ? Math.max(1, Math.floor(perSecond)) : 1
    this.#windowMs = (1000 * inWindow) / perSecond
    this.#starts = new Float64Array(inWindow).fill(-Infinity)
  }

  get active(): number {
    return this.#active.length
  }

  get waiting(): number {
    return this.#line.length
  }

  /** The instant of what is told next: `carrier.at(atMs).arrive(call)`. */
  at(atMs: number): this {
    this.#atMs = atMs
    return this
  }

  arrive(call: number): Admission {
    const admission = this.#admit(call)
    this.#lookAhead()
    return admission
  }

  /** The call is over, or its caller no longer waits. */
  leave(call: number): void {
    this.#active.remove(call)
    this.#line.remove(call)
    this.#lookAhead()
  }

  /** Lets time pass up to the instant that `at` noted. */
  advance(events: CarrierEvents): void {
    const untilMs = this.#atMs
    while (this.nextAtMs <= untilMs) {
      const isEnd = this.#endsAtMs <= this.#startsAtMs
      this.#atMs = this.nextAtMs
      const call = (isEnd ? this.#active : this.#line).take()
      const begins = !isEnd && this.#begin(call)
      this.#lookAhead()
      if (isEnd) events.tooLong(call, this.#atMs)
      else if (begins) events.begun(call, this.#atMs)
      else events.blocked(call, this.#atMs)
    }
    this.#atMs = untilMs
  }

  #admit(call: number): Admission {
    if (this.#line.length === 0 && this.#atMs >= this.#starts[this.#next]! + this.#windowMs)
      return this.#begin(call) ? 'granted' : 'noChannel'
    if (this.limits.starts?.over !== 'queued') return 'tooFast'
    this.#line.push(call, 0)
    return 'queued'
  }

  #begin(call: number): boolean {
    if (this.#active.length >= this.limits.channels) return false
    this.#active.push(call, 0)
    while (call >= this.#tooLongAtMs.length)
      this.#tooLongAtMs = longer(this.#tooLongAtMs, this.#tooLongAtMs.length * 2)
    this.#tooLongAtMs[call] = this.#atMs + this.limits.maxDurationMs
    this.#starts[this.#next] = this.#atMs
    this.#next = (this.#next + 1) % this.#starts.length
    return true
  }

  /** After whatever changes when something next happens. */
  #lookAhead(): void {
    this.#startsAtMs = this.#line.length > 0 ? this.#starts[this.#next]! + this.#windowMs : Infinity
    this.#endsAtMs = this.#active.length > 0 ? this.#tooLongAtMs[this.#active.first]! : Infinity
    this.nextAtMs = Math.min(this.#startsAtMs, this.#endsAtMs)
  }
}
