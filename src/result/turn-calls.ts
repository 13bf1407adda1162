import type { CallRecord, TurnRecord } from './records.ts'

/** Whose calls they are, for whoever keeps many rows. */
export const session = 0
export const turn = 1
const firstAtMs = 2
const lastAtMs = 3
const coveredMs = 4
const toolMs = 5
const faults = 6
const retries = 7
const refusedAtMs = 8
const calls = 9
const rootCalls = 10
const steps = 11
const depth = 12
const modelMs = 13
const retryWaitMs = 14
/** Two lines of the cache, of which a tool call needs the first. */
export const rowLength = 16

/**
 * The calls of one turn as they come, by the instant they were sent, and where the turn's time went, seen from behind
 * the agent: overlapping calls are counted once. Milliseconds. What is known stands in a row of numbers, so that the
 * calls of many turns lie side by side and one of these can be set upon any of them.
 */
export class TurnCalls {
  /** The agent's own time before the first call of a turn that has ended, between calls and after the last one. */
  beforeMs = NaN
  betweenMs = NaN
  afterMs = NaN
  #rows: Float64Array
  #row: number

  constructor(rows = new Float64Array(rowLength), row = 0) {
    this.#rows = rows
    this.#row = row
    this.clear()
  }

  /** Stands for the calls of this row from now on. */
  standOn(rows: Float64Array, row: number): this {
    this.#rows = rows
    this.#row = row
    return this
  }

  /** As if no call had come. */
  clear(): void {
    const rows = this.#rows
    const row = this.#row
    for (let column = firstAtMs; column < rowLength; column++) rows[row + column] = 0
    rows[row + firstAtMs] = Infinity
    rows[row + lastAtMs] = -Infinity
    rows[row + refusedAtMs] = NaN
  }

  /** Model calls that were let in. */
  get calls(): number {
    return this.#rows[this.#row + calls]!
  }

  /** Steps of the root loop that were taken; 1 where all calls were beside it. */
  get steps(): number {
    return this.#rows[this.#row + steps]!
  }

  /** Tries of calls that had been tried before. */
  get retries(): number {
    return this.#rows[this.#row + retries]!
  }

  /** Steps of the loop that the model meant to take; 0 when unknown. */
  get depth(): number {
    return this.#rows[this.#row + depth]!
  }

  /** Calls that the provider made go wrong on purpose. */
  get faults(): number {
    return this.#rows[this.#row + faults]!
  }

  get modelMs(): number {
    return this.#rows[this.#row + modelMs]!
  }

  get toolMs(): number {
    return this.#rows[this.#row + toolMs]!
  }

  /** From a call that was refused or failed to its next try. */
  get retryWaitMs(): number {
    return this.#rows[this.#row + retryWaitMs]!
  }

  /** Calls of sub-agents, routers and others beside the root loop. */
  get beside(): number {
    return this.calls - Math.max(this.#rows[this.#row + rootCalls]!, Math.min(1, this.calls))
  }

  add(call: Readonly<CallRecord>): void {
    const rows = this.#rows
    const row = this.#row
    const { sentAtMs, endedAtMs, fault, outcome } = call
    const untilMs = rows[row + lastAtMs]!
    const freshMs = Math.max(0, endedAtMs - Math.max(sentAtMs, untilMs))
    rows[row + coveredMs]! += freshMs
    if (sentAtMs < rows[row + firstAtMs]!) rows[row + firstAtMs] = sentAtMs
    if (endedAtMs > untilMs) rows[row + lastAtMs] = endedAtMs
    if (fault !== undefined) rows[row + faults]!++
    if (call.kind === 'tool') {
      rows[row + toolMs]! += freshMs
      return
    }
    if (call.attempt > 0) rows[row + retries]!++
    const refused = rows[row + refusedAtMs]!
    if (!Number.isNaN(refused)) {
      rows[row + retryWaitMs]! += Math.max(0, sentAtMs - refused)
      rows[row + refusedAtMs] = NaN
    }
    if (outcome === 'rejected' || outcome === 'failed') rows[row + refusedAtMs] = endedAtMs
    if (outcome === 'rejected') return
    rows[row + modelMs]! += freshMs
    if (outcome !== 'failed' || fault === undefined) {
      rows[row + calls]!++
      if (call.step > 0) rows[row + rootCalls]!++
      // What stands beside the root loop, such as a router, is the turn's own where nothing else was asked.
      if (call.step > 0 || rows[row + steps] === 0) {
        rows[row + steps] = Math.max(rows[row + steps]!, call.step, 1)
        rows[row + depth] = call.depth
      }
    }
  }

  /** Works out the agent's own time in this turn, for `beforeMs`, `betweenMs` and `afterMs`. */
  end(of: Readonly<TurnRecord>): void {
    const rows = this.#rows
    const row = this.#row
    const first = rows[row + firstAtMs]!
    const last = rows[row + lastAtMs]!
    this.beforeMs = Math.max(0, first - of.sentAtMs)
    this.betweenMs = Math.max(0, last - first - rows[row + coveredMs]! - rows[row + retryWaitMs]!)
    this.afterMs = Math.max(0, of.endedAtMs - last)
  }
}
