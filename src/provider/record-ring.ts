import type { CallRecord, Canaries } from '../result/records.ts'
import { longer } from '../stats/columns.ts'

export interface RecordPage {
  readonly records: readonly Readonly<CallRecord>[]
  readonly next: number
  readonly lost: number
}

const numbers = [
  'service',
  'session',
  'turn',
  'step',
  'attempt',
  'sentAtMs',
  'firstTokenAtMs',
  'endedAtMs',
  'inputTokens',
  'cachedTokens',
  'outputTokens',
  'maxTokens',
  'depth',
  'status',
] as const
const words = ['kind', 'outcome', 'errorKind', 'joinedBy', 'fault'] as const
const fewestRows = 1024

/**
 * The latest call records, numbered from 0. The oldest make room, and those that nobody had read are counted as lost.
 *
 * They lie in rows of numbers: as objects, those of a long run would be a third of the heap, looked at anew in each full
 * collection while chunks are due.
 */
export class RecordRing {
  readonly #capacity: number
  #numbers = new Float64Array(fewestRows * numbers.length)
  #words = new Int32Array(fewestRows * words.length)
  /** Each word that was ever said, which are few, by its number. */
  readonly #lexicon: (string | undefined)[] = []
  /** By row. */
  readonly #canaries = new Map<number, Canaries>()
  #next = 0
  /** Records below this number have been handed out. */
  #read = 0
  #lost = 0

  constructor(capacity = 100_000) {
    this.#capacity = capacity
  }

  add(record: Readonly<CallRecord>): void {
    const oldest = this.#next - this.#capacity
    if (oldest >= this.#read) this.#lost++
    const row = this.#next++ % this.#capacity
    if ((row + 1) * numbers.length > this.#numbers.length) this.#grow()
    numbers.forEach((name, i) => (this.#numbers[row * numbers.length + i] = record[name]))
    words.forEach((name, i) => (this.#words[row * words.length + i] = this.#wordNumber(record[name])))
    if (record.canaries) this.#canaries.set(row, record.canaries)
    else this.#canaries.delete(row)
  }

  /** Up to `limit` records from number `from` on, the oldest first. */
  page(from: number, limit: number): RecordPage {
    const first = Math.min(this.#next, Math.max(from, this.#next - this.#capacity, 0))
    const next = Math.min(this.#next, first + limit)
    const records = Array.from({ length: next - first }, (_, i) => this.#record((first + i) % this.#capacity))
    this.#read = Math.max(this.#read, next)
    return { records, next, lost: this.#lost }
  }

  #record(row: number): Readonly<CallRecord> {
    const record: { [field: string]: number | string | Canaries } = {}
    numbers.forEach((name, i) => (record[name] = this.#numbers[row * numbers.length + i]!))
    words.forEach((name, i) => {
      const word = this.#lexicon[this.#words[row * words.length + i]!]
      if (word !== undefined) record[name] = word
    })
    const canaries = this.#canaries.get(row)
    if (canaries) record['canaries'] = canaries
    return record as unknown as CallRecord
  }

  #wordNumber(word: string | undefined): number {
    const known = this.#lexicon.indexOf(word)
    return known >= 0 ? known : this.#lexicon.push(word) - 1
  }

  #grow(): void {
    const rows = Math.min(this.#capacity, (this.#numbers.length / numbers.length) * 2)
    this.#numbers = longer(this.#numbers, rows * numbers.length)
    this.#words = longer(this.#words, rows * words.length)
  }
}
