import { placeOf } from './places.ts'
import type { CallRecord, RecordSink, TurnRecord } from './records.ts'

/** Turns in a block: few enough to stay in the nearest cache between who fills it and who reads it. */
const turnsAtOnce = 256
/** From a column to the next: a power of two would put one turn's numbers all into the same few lines of the cache. */
const columnLength = turnsAtOnce + 8

/** Where in a row of numbers that `add` takes stands what is noted of a turn: last what all turns may have in common. */
export const answeredColumns = {
  session: 0,
  turn: 1,
  intendedAtMs: 2,
  sentAtMs: 3,
  callSentAtMs: 4,
  firstTokenAtMs: 5,
  endedAtMs: 6,
  scenario: 7,
  model: 8,
  inputTokens: 9,
  cachedTokens: 10,
  outputTokens: 11,
} as const
const columns = Object.keys(answeredColumns).length
const ownColumns = answeredColumns.scenario

/** Of some turns, from the first of them on. */
export interface AnsweredTimes {
  readonly sentAtMs: Float64Array
  readonly callSentAtMs: Float64Array
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
  /** The columns one behind the other: who writes a turn has one array to look up, not a dozen. */
  readonly #cells = new Float64Array(columns * columnLength)
  readonly session = this.#column('session')
  readonly turn = this.#column('turn')
  readonly scenario = this.#column('scenario')
  readonly model = this.#column('model')
  readonly inputTokens = this.#column('inputTokens')
  readonly cachedTokens = this.#column('cachedTokens')
  readonly outputTokens = this.#column('outputTokens')
  readonly intendedAtMs = this.#column('intendedAtMs')
  readonly sentAtMs = this.#column('sentAtMs')
  readonly callSentAtMs = this.#column('callSentAtMs')
  readonly firstTokenAtMs = this.#column('firstTokenAtMs')
  readonly endedAtMs = this.#column('endedAtMs')
  /** By model; NaN where its requests do not say. */
  readonly maxTokens: readonly number[]
  readonly #times: AnsweredTimes = {
    sentAtMs: this.sentAtMs,
    callSentAtMs: this.callSentAtMs,
    turnMs: new Float64Array(turnsAtOnce),
    ttftMs: new Float64Array(turnsAtOnce),
    intendedMs: new Float64Array(turnsAtOnce),
    beforeMs: new Float64Array(turnsAtOnce),
    callMs: new Float64Array(turnsAtOnce),
  }
  /** Turns whose times are worked out. */
  #timed = 0
  readonly #areAlike: boolean
  /** Places in the block where what all turns have in common stands for good. */
  #standing = 0
  readonly #call = answeredCall()
  readonly #turn = answeredTurn()

  /** Where all turns `areAlike` they have one scenario, ask one model and are of one size. */
  constructor(maxTokens: readonly number[], areAlike: boolean) {
    this.maxTokens = maxTokens
    this.#areAlike = areAlike
  }

  /** A turn whose numbers stand in `rows` from `row` on, as `answeredColumns` says. */
  add(rows: Float64Array, row: number): void {
    const cells = this.#cells
    let cell = this.length++
    const end = row + (cell < this.#standing ? ownColumns : columns)
    if (this.#areAlike && cell === this.#standing) this.#standing++
    for (let from = row; from < end; from++) {
      cells[cell] = rows[from]!
      cell += columnLength
    }
  }

  #column(name: keyof typeof answeredColumns): Float64Array {
    const from = answeredColumns[name] * columnLength
    return this.#cells.subarray(from, from + turnsAtOnce)
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

  /** The place in their sessions that the turns from `first` on have in common; -1 where they are at several. */
  placeFrom(first: number): number {
    const place = placeOf(this.turn[first]!)
    let i = first + 1
    while (i < this.length && placeOf(this.turn[i]!) === place) i++
    return i < this.length ? -1 : place
  }

  /** When the turns from `first` on were sent, and what they took; valid until the block is cleared. */
  times(first: number): AnsweredTimes {
    this.#workOut()
    const { length } = this
    const times = this.#times
    // As a rule it is the whole block.
    if (first === 0 && this.isFull) return times
    return {
      sentAtMs: times.sentAtMs.subarray(first, length),
      callSentAtMs: times.callSentAtMs.subarray(first, length),
      turnMs: times.turnMs.subarray(first, length),
      ttftMs: times.ttftMs.subarray(first, length),
      intendedMs: times.intendedMs.subarray(first, length),
      beforeMs: times.beforeMs.subarray(first, length),
      callMs: times.callMs.subarray(first, length),
    }
  }

  clear(): void {
    this.length = this.#timed = 0
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

  #workOut(): void {
    const { turnMs, ttftMs, intendedMs, beforeMs, callMs } = this.#times
    const { sentAtMs, callSentAtMs, firstTokenAtMs, intendedAtMs, endedAtMs, length } = this
    for (let i = this.#timed; i < length; i++) {
      const sent = sentAtMs[i]!
      const called = callSentAtMs[i]!
      const ended = endedAtMs[i]!
      turnMs[i] = ended - sent
      ttftMs[i] = firstTokenAtMs[i]! - sent
      intendedMs[i] = ended - intendedAtMs[i]!
      beforeMs[i] = called - sent
      callMs[i] = ended - called
    }
    this.#timed = length
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
