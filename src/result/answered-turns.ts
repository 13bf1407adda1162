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
  readonly callSentAtMs: Float64Array
  readonly turnMs: Float64Array
  readonly ttftMs: Float64Array
  readonly intendedMs: Float64Array
  /** From the send to the call. */
  readonly beforeMs: Float64Array
  readonly callMs: Float64Array
}

/** Where in the sums stands what turns come to, added one by one: blocks make no difference to the last digit. */
export const answeredSums = {
  turnMs: 0,
  ttftMs: 1,
  beforeMs: 2,
  callMs: 3,
  /** Of turns, less their calls. */
  ownMs: 4,
  inputTokens: 5,
  cachedTokens: 6,
  outputTokens: 7,
} as const

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
    callSentAtMs: this.callSentAtMs,
    turnMs: new Float64Array(turnsAtOnce),
    ttftMs: new Float64Array(turnsAtOnce),
    intendedMs: new Float64Array(turnsAtOnce),
    beforeMs: new Float64Array(turnsAtOnce),
    callMs: new Float64Array(turnsAtOnce),
  }
  /** Where in the block those begin that ended within the window. */
  first = 0
  /** How many of these were sent before it. */
  sentBefore = 0
  /** Whether each of these had its first token at its end: it is one text, or of one token. */
  isAtOnce = true
  /** Of all turns so far that ended within the window, as `answeredSums` says. */
  readonly sums = new Float64Array(Object.keys(answeredSums).length)
  readonly #fromMs: number
  readonly #areAlike: boolean
  /** Places in the block where what all turns have in common stands for good. */
  #standing = 0
  readonly #call = answeredCall()
  readonly #turn = answeredTurn()

  /**
   * Where all turns `areAlike` they have one scenario, ask one model and are of one size. The window begins at `fromMs`.
   */
  constructor(maxTokens: readonly number[], areAlike: boolean, fromMs: number) {
    this.maxTokens = maxTokens
    this.#areAlike = areAlike
    this.#fromMs = fromMs
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

  /** The place in their sessions that the turns of the window have in common; -1 where they are at several. */
  get place(): number {
    const place = placeOf(this.turn[this.first]!)
    let i = this.first + 1
    while (i < this.length && placeOf(this.turn[i]!) === place) i++
    return i < this.length ? -1 : place
  }

  /** What the turns from `first` on took; valid until the block is cleared. */
  times(first: number): AnsweredTimes {
    const { length } = this
    const times = this.#times
    // As a rule it is the whole block.
    if (first === 0 && this.isFull) return times
    return {
      callSentAtMs: times.callSentAtMs.subarray(first, length),
      turnMs: times.turnMs.subarray(first, length),
      ttftMs: times.ttftMs.subarray(first, length),
      intendedMs: times.intendedMs.subarray(first, length),
      beforeMs: times.beforeMs.subarray(first, length),
      callMs: times.callMs.subarray(first, length),
    }
  }

  /** Works out what the turns took and come to, before they are handed on. */
  workOut(): void {
    const { length } = this
    let first = 0
    while (first < length && this.endedAtMs[first]! < this.#fromMs) first++
    this.first = first
    if (first > 0) {
      this.#addUp(0, first)
      this.sums.fill(0)
    }
    this.#addUp(first, length)
  }

  clear(): void {
    this.length = 0
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

  /** All in one pass: while a sum waits for its last addition, the processor has time for the others. */
  #addUp(from: number, end: number): void {
    const { sums } = this
    const { turnMs, ttftMs, intendedMs, beforeMs, callMs } = this.#times
    const { sentAtMs, callSentAtMs, firstTokenAtMs, intendedAtMs, endedAtMs } = this
    const { inputTokens, cachedTokens, outputTokens } = this
    let turnSum = sums[answeredSums.turnMs]!
    let ttftSum = sums[answeredSums.ttftMs]!
    let beforeSum = sums[answeredSums.beforeMs]!
    let callSum = sums[answeredSums.callMs]!
    let ownSum = sums[answeredSums.ownMs]!
    let input = sums[answeredSums.inputTokens]!
    let cached = sums[answeredSums.cachedTokens]!
    let output = sums[answeredSums.outputTokens]!
    const fromMs = this.#fromMs
    let sentBefore = 0
    let streamed = 0
    for (let i = from; i < end; i++) {
      const sent = sentAtMs[i]!
      const called = callSentAtMs[i]!
      const ended = endedAtMs[i]!
      const firstToken = firstTokenAtMs[i]!
      const took = ended - sent
      const callTook = ended - called
      const own = took - callTook
      turnSum += turnMs[i] = took
      ttftSum += ttftMs[i] = firstToken - sent
      intendedMs[i] = ended - intendedAtMs[i]!
      beforeSum += beforeMs[i] = called - sent
      callSum += callMs[i] = callTook
      ownSum += own > 0 ? own : 0
      input += inputTokens[i]!
      cached += cachedTokens[i]!
      output += outputTokens[i]!
      sentBefore += Number(sent < fromMs)
      streamed += Number(firstToken !== ended)
    }
    this.sentBefore = sentBefore
    this.isAtOnce = streamed === 0
    sums[answeredSums.turnMs] = turnSum
    sums[answeredSums.ttftMs] = ttftSum
    sums[answeredSums.beforeMs] = beforeSum
    sums[answeredSums.callMs] = callSum
    sums[answeredSums.ownMs] = ownSum
    sums[answeredSums.inputTokens] = input
    sums[answeredSums.cachedTokens] = cached
    sums[answeredSums.outputTokens] = output
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
