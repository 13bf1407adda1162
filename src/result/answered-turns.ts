import type { CallRecord, RecordSink, TurnRecord } from './records.ts'

/** Turns in a block: few enough to stay in the nearest cache between who fills it and who reads it. */
const turnsAtOnce = 256

export interface AnsweredTimes {
  readonly turnMs: Float64Array
  readonly ttftMs: Float64Array
  readonly intendedMs: Float64Array
  /** From the send to the call. */
  readonly beforeMs: Float64Array
  readonly callMs: Float64Array
}

/**
 * Turns that were answered by one model call each, the call over when the turn is, in columns and in the order in which
 * they ended: what is worked out for many at once costs a fraction of what it costs record by record.
 */
export class AnsweredTurns {
  length = 0
  readonly session = new Float64Array(turnsAtOnce)
  readonly turn = new Int32Array(turnsAtOnce)
  readonly scenario = new Int32Array(turnsAtOnce)
  readonly model = new Int32Array(turnsAtOnce)
  readonly intendedAtMs = new Float64Array(turnsAtOnce)
  readonly sentAtMs = new Float64Array(turnsAtOnce)
  readonly callSentAtMs = new Float64Array(turnsAtOnce)
  readonly firstTokenAtMs = new Float64Array(turnsAtOnce)
  readonly endedAtMs = new Float64Array(turnsAtOnce)
  readonly inputTokens = new Float64Array(turnsAtOnce)
  readonly cachedTokens = new Float64Array(turnsAtOnce)
  readonly outputTokens = new Float64Array(turnsAtOnce)
  /** By model; NaN where its requests do not say. */
  readonly maxTokens: readonly number[]
  readonly #turnMs = new Float64Array(turnsAtOnce)
  readonly #ttftMs = new Float64Array(turnsAtOnce)
  readonly #intendedMs = new Float64Array(turnsAtOnce)
  readonly #beforeMs = new Float64Array(turnsAtOnce)
  readonly #callMs = new Float64Array(turnsAtOnce)
  readonly #call = answeredCall()
  readonly #turn = answeredTurn()

  constructor(maxTokens: readonly number[]) {
    this.maxTokens = maxTokens
  }

  get isFull(): boolean {
    return this.length === turnsAtOnce
  }

  /** Where those begin that ended at `atMs` or later. */
  firstSince(atMs: number): number {
    let first = 0
    while (first < this.length && this.endedAtMs[first]! < atMs) first++
    return first
  }

  /** What the turns from `first` on took; valid until asked again. */
  times(first: number): AnsweredTimes {
    const { length } = this
    for (let i = first; i < length; i++) {
      const sentAtMs = this.sentAtMs[i]!
      const endedAtMs = this.endedAtMs[i]!
      this.#turnMs[i] = endedAtMs - sentAtMs
      this.#ttftMs[i] = this.firstTokenAtMs[i]! - sentAtMs
      this.#intendedMs[i] = endedAtMs - this.intendedAtMs[i]!
      this.#beforeMs[i] = this.callSentAtMs[i]! - sentAtMs
      this.#callMs[i] = endedAtMs - this.callSentAtMs[i]!
    }
    return {
      turnMs: this.#turnMs.subarray(first, length),
      ttftMs: this.#ttftMs.subarray(first, length),
      intendedMs: this.#intendedMs.subarray(first, length),
      beforeMs: this.#beforeMs.subarray(first, length),
      callMs: this.#callMs.subarray(first, length),
    }
  }

  /** Each as the records that it is: its call, then the turn itself. */
  tellEach(tell: RecordSink): void {
    for (let i = 0; i < this.length; i++) {
      tell(this.callAt(i))
      tell(this.turnAt(i))
    }
  }

  /** Valid until the next one is asked for. */
  turnAt(i: number): Readonly<TurnRecord> {
    const turn = this.#turn
    turn.session = this.session[i]!
    turn.turn = this.turn[i]!
    turn.scenario = this.scenario[i]!
    turn.intendedAtMs = this.intendedAtMs[i]!
    turn.sentAtMs = this.sentAtMs[i]!
    turn.firstTokenAtMs = this.firstTokenAtMs[i]!
    turn.endedAtMs = this.endedAtMs[i]!
    turn.tokens = this.outputTokens[i]!
    return turn
  }

  /** Valid until the next one is asked for. */
  callAt(i: number): Readonly<CallRecord> {
    const call = this.#call
    call.service = this.model[i]!
    call.session = this.session[i]!
    call.turn = this.turn[i]!
    call.sentAtMs = this.callSentAtMs[i]!
    call.firstTokenAtMs = this.firstTokenAtMs[i]!
    call.endedAtMs = this.endedAtMs[i]!
    call.inputTokens = this.inputTokens[i]!
    call.cachedTokens = this.cachedTokens[i]!
    call.outputTokens = this.outputTokens[i]!
    call.maxTokens = this.maxTokens[call.service]!
    return call
  }
}

function answeredTurn(): TurnRecord {
  return {
    kind: 'turn',
    session: 0,
    turn: 0,
    scenario: 0,
    intendedAtMs: 0,
    sentAtMs: 0,
    firstTokenAtMs: 0,
    endedAtMs: 0,
    tokens: 0,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
  }
}

function answeredCall(): CallRecord {
  return {
    kind: 'model',
    service: 0,
    session: 0,
    turn: 0,
    step: 1,
    attempt: 0,
    sentAtMs: 0,
    firstTokenAtMs: 0,
    endedAtMs: 0,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    maxTokens: NaN,
    depth: 1,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
    joinedBy: 'id',
  }
}
