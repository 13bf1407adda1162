import { longer } from '../../src/stats/columns.ts'

/** What every queue of the bench does: `EventQueue`'s own contract, first come first served among equal times. */
export interface PendingEvents {
  atMs: number
  subject: number
  length: number
  at(atMs: number): this
  push(kind: number, subject: number, generation: number): void
  pop(): boolean
}

/** Keeps the time of the event that is pushed next. */
export abstract class Due {
  protected dueMs = NaN

  at(atMs: number): this {
    this.dueMs = atMs
    return this
  }
}

/** The three numbers of an event by slot, with the slots that are free; grows by doubling. */
export class Slots {
  payloads = new Int32Array(64 * 3)
  #free: Int32Array = Int32Array.from({ length: 64 }, (_, slot) => slot)
  #used = 0

  take(kind: number, subject: number, generation: number): number {
    if (this.#used === this.#free.length) this.#grow()
    const slot = this.#free[this.#used++]!
    this.payloads[slot * 3] = kind
    this.payloads[slot * 3 + 1] = subject
    this.payloads[slot * 3 + 2] = generation
    return slot
  }

  give(slot: number): void {
    this.#free[--this.#used] = slot
  }

  #grow(): void {
    const length = this.#free.length
    const free = Int32Array.from({ length: length * 2 }, (_, slot) => slot)
    free.set(this.#free)
    this.#free = free
    this.payloads = longer(this.payloads, length * 6)
  }
}
