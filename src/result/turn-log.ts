import type { ErrorKind, Outcome, Refusals, Tags, TurnRecord } from './records.ts'

/** Turns in a block: it grows by these, and nothing is copied. */
const blockTurns = 4096

/** Instants and counts of a turn, in the order of a block's numbers. */
const numbers = 7
/** Turn, scenario, status, and how it ended. */
const whole = 4

/** What few turns have. */
interface Extra {
  readonly refusals?: Refusals
  readonly tags?: Tags
}

/**
 * The turns of a run in columns, a third of the memory of records and nothing for the collector to look at. Reading them
 * makes records anew, in the order in which the turns ended.
 */
export class TurnLog implements Iterable<TurnRecord> {
  readonly #numbers: Float64Array[] = []
  readonly #whole: Int32Array[] = []
  readonly #endings: {
    readonly outcome: Outcome
    readonly errorKind: ErrorKind
    readonly isWatched: boolean
  }[] = []
  readonly #extras = new Map<number, Extra>()
  #length = 0
  #lastEndedAtMs = -Infinity
  #isInOrder = true

  get length(): number {
    return this.#length
  }

  add(record: Readonly<TurnRecord>): void {
    const { usefulAtMs, refusals, tags, endedAtMs } = record
    const i = this.#length++
    const at = i % blockTurns
    const block = Math.floor(i / blockTurns)
    if (block === this.#numbers.length) {
      this.#numbers.push(new Float64Array(blockTurns * numbers))
      this.#whole.push(new Int32Array(blockTurns * whole))
    }
    const real = this.#numbers[block]!
    const n = at * numbers
    real[n] = record.session
    real[n + 1] = record.intendedAtMs
    real[n + 2] = record.sentAtMs
    real[n + 3] = record.firstTokenAtMs
    real[n + 4] = endedAtMs
    real[n + 5] = record.tokens
    real[n + 6] = usefulAtMs ?? NaN
    const int = this.#whole[block]!
    const w = at * whole
    int[w] = record.turn
    int[w + 1] = record.scenario
    int[w + 2] = record.status
    int[w + 3] = this.#ending(record.outcome, record.errorKind, usefulAtMs !== undefined)
    if (refusals || tags)
      this.#extras.set(i, { ...(refusals ? { refusals } : {}), ...(tags ? { tags } : {}) })
    if (endedAtMs < this.#lastEndedAtMs) this.#isInOrder = false
    this.#lastEndedAtMs = endedAtMs
  }

  /** Forgets them, and keeps the room for as many. */
  clear(): void {
    this.#length = 0
    this.#lastEndedAtMs = -Infinity
    this.#isInOrder = true
    this.#extras.clear()
  }

  *[Symbol.iterator](): Generator<TurnRecord> {
    if (this.#isInOrder) for (let i = 0; i < this.#length; i++) yield this.#at(i)
    else for (const i of this.#byEnd()) yield this.#at(i)
  }

  /** Turns that ended in `[fromMs, untilMs)`. */
  endedWithin(fromMs: number, untilMs: number): number {
    let count = 0
    for (let i = 0; i < this.#length; i++) {
      const endedAtMs = this.#endedAtMs(i)
      if (endedAtMs >= fromMs && endedAtMs < untilMs) count++
    }
    return count
  }

  #at(i: number): TurnRecord {
    const real = this.#numbers[Math.floor(i / blockTurns)]!
    const int = this.#whole[Math.floor(i / blockTurns)]!
    const n = (i % blockTurns) * numbers
    const w = (i % blockTurns) * whole
    const { outcome, errorKind, isWatched } = this.#endings[int[w + 3]!]!
    const record: TurnRecord = {
      kind: 'turn',
      session: real[n]!,
      turn: int[w]!,
      scenario: int[w + 1]!,
      intendedAtMs: real[n + 1]!,
      sentAtMs: real[n + 2]!,
      firstTokenAtMs: real[n + 3]!,
      endedAtMs: real[n + 4]!,
      tokens: real[n + 5]!,
      outcome,
      errorKind,
      status: int[w + 2]!,
    }
    if (isWatched) record.usefulAtMs = real[n + 6]!
    return this.#extras.size === 0 ? record : Object.assign(record, this.#extras.get(i))
  }

  /** How turns end is a short list. */
  #ending(outcome: Outcome, errorKind: ErrorKind, isWatched: boolean): number {
    for (let i = 0; i < this.#endings.length; i++) {
      const each = this.#endings[i]!
      if (each.outcome === outcome && each.errorKind === errorKind && each.isWatched === isWatched) return i
    }
    return this.#endings.push({ outcome, errorKind, isWatched }) - 1
  }

  #endedAtMs(i: number): number {
    return this.#numbers[Math.floor(i / blockTurns)]![(i % blockTurns) * numbers + 4]!
  }

  #byEnd(): number[] {
    const places = Array.from({ length: this.#length }, (_, i) => i)
    return places.sort((a, b) => this.#endedAtMs(a) - this.#endedAtMs(b))
  }
}
