import type { CallRecord, TurnRecord } from './records.ts'

/**
 * The calls of one turn as they come, by the instant they were sent, and where the turn's time went, seen from behind
 * the agent: overlapping calls are counted once. Milliseconds.
 */
export class TurnCalls {
  /** Model calls that were let in. */
  calls = 0
  /** Steps of the root loop that were taken; 1 where all calls were beside it. */
  steps = 0
  /** Model calls that were asked, refused ones included. */
  attempts = 0
  /** Steps of the loop that the model meant to take; 0 when unknown. */
  depth = 0
  /** Calls that the provider made go wrong on purpose. */
  faults = 0
  modelMs = 0
  toolMs = 0
  /** From a refused call, or one spoiled on purpose, to its next try. */
  retryWaitMs = 0
  #rootCalls = 0
  #firstAtMs = Infinity
  #lastAtMs = -Infinity
  #coveredMs = 0
  #refusedAtMs = NaN

  /** As if no call had come. */
  clear(): void {
    this.calls = this.steps = this.attempts = this.depth = this.faults = 0
    this.modelMs = this.toolMs = this.retryWaitMs = 0
    this.#rootCalls = 0
    this.#firstAtMs = Infinity
    this.#lastAtMs = -Infinity
    this.#coveredMs = 0
    this.#refusedAtMs = NaN
  }

  /** Calls of sub-agents, routers and others beside the root loop. */
  get beside(): number {
    return this.calls - Math.max(this.#rootCalls, Math.min(1, this.calls))
  }

  add(call: Readonly<CallRecord>): void {
    const { sentAtMs, endedAtMs } = call
    const fresh = Math.max(0, endedAtMs - Math.max(sentAtMs, this.#lastAtMs))
    this.#coveredMs += fresh
    if (sentAtMs < this.#firstAtMs) this.#firstAtMs = sentAtMs
    if (endedAtMs > this.#lastAtMs) this.#lastAtMs = endedAtMs
    if (call.fault !== undefined) this.faults++
    if (call.kind === 'tool') {
      this.toolMs += fresh
      return
    }
    this.attempts++
    if (!Number.isNaN(this.#refusedAtMs)) {
      this.retryWaitMs += Math.max(0, sentAtMs - this.#refusedAtMs)
      this.#refusedAtMs = NaN
    }
    if (call.outcome === 'rejected') this.#refusedAtMs = endedAtMs
    else if (call.outcome === 'failed' && call.fault !== undefined) {
      this.#refusedAtMs = endedAtMs
      this.modelMs += fresh
    } else {
      this.calls++
      if (call.step > 0) this.#rootCalls++
      // What stands beside the root loop, such as a router, is the turn's own where nothing else was asked.
      if (call.step > 0 || this.steps === 0) {
        this.steps = Math.max(this.steps, call.step, 1)
        this.depth = call.depth
      }
      this.modelMs += fresh
    }
  }

  /** The agent's own time before the first call. */
  beforeMs(turn: Readonly<TurnRecord>): number {
    return Math.max(0, this.#firstAtMs - turn.sentAtMs)
  }

  /** The agent's own time between calls. */
  betweenMs(): number {
    return Math.max(0, this.#lastAtMs - this.#firstAtMs - this.#coveredMs - this.retryWaitMs)
  }

  /** The agent's own time after the last call. */
  afterMs(turn: Readonly<TurnRecord>): number {
    return Math.max(0, turn.endedAtMs - this.#lastAtMs)
  }
}
