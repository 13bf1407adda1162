import type { CallRecord, TurnRecord } from './records.ts'

/** Where the time of one turn went, seen from behind the agent. Milliseconds. */
export interface TurnParts {
  /** The agent's own time before the first call, between calls, and after the last. */
  readonly beforeMs: number
  readonly betweenMs: number
  readonly afterMs: number
  /** From a refused call to its next try. */
  readonly retryWaitMs: number
  readonly modelMs: number
  readonly toolMs: number
}

/** The calls of one turn as they come, by the instant they were sent: overlapping ones are counted once. */
export class TurnCalls {
  /** Model calls that were let in. */
  calls = 0
  /** Model calls that were asked, refused ones included. */
  attempts = 0
  /** Steps of the loop that the model meant to take; 0 when unknown. */
  depth = 0
  #firstAtMs = Infinity
  #lastAtMs = -Infinity
  #coveredMs = 0
  #modelMs = 0
  #toolMs = 0
  #retryWaitMs = 0
  #refusedAtMs = NaN

  add(call: Readonly<CallRecord>): void {
    const fresh = Math.max(0, call.endedAtMs - Math.max(call.sentAtMs, this.#lastAtMs))
    this.#coveredMs += fresh
    this.#firstAtMs = Math.min(this.#firstAtMs, call.sentAtMs)
    this.#lastAtMs = Math.max(this.#lastAtMs, call.endedAtMs)
    if (call.kind === 'tool') {
      this.#toolMs += fresh
      return
    }
    this.attempts++
    if (!Number.isNaN(this.#refusedAtMs)) {
      this.#retryWaitMs += Math.max(0, call.sentAtMs - this.#refusedAtMs)
      this.#refusedAtMs = NaN
    }
    if (call.outcome === 'rejected') this.#refusedAtMs = call.endedAtMs
    else {
      this.calls++
      this.depth = call.depth
      this.#modelMs += fresh
    }
  }

  partsOf(turn: Readonly<TurnRecord>): TurnParts {
    const spanMs = this.#lastAtMs - this.#firstAtMs
    return {
      beforeMs: Math.max(0, this.#firstAtMs - turn.sentAtMs),
      betweenMs: Math.max(0, spanMs - this.#coveredMs - this.#retryWaitMs),
      afterMs: Math.max(0, turn.endedAtMs - this.#lastAtMs),
      retryWaitMs: this.#retryWaitMs,
      modelMs: this.#modelMs,
      toolMs: this.#toolMs,
    }
  }
}
