import type { CallRecord } from '../result/records.ts'

export interface RecordPage {
  readonly records: readonly Readonly<CallRecord>[]
  readonly next: number
  readonly lost: number
}

/** The latest call records, numbered from 0. The oldest make room, and those that nobody had read are counted as lost. */
export class RecordRing {
  readonly #capacity: number
  readonly #records: Readonly<CallRecord>[] = []
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
    this.#records[this.#next % this.#capacity] = record
    this.#next++
  }

  /** Up to `limit` records from number `from` on, the oldest first. */
  page(from: number, limit: number): RecordPage {
    const first = Math.min(this.#next, Math.max(from, this.#next - this.#capacity, 0))
    const next = Math.min(this.#next, first + limit)
    const records = Array.from(
      { length: next - first },
      (_, i) => this.#records[(first + i) % this.#capacity]!,
    )
    this.#read = Math.max(this.#read, next)
    return { records, next, lost: this.#lost }
  }
}
