import { longer } from '../../src/stats/columns.ts'
import { Due, type PendingEvents, Slots } from './pending-events.ts'

/** A heap of four children a node: half as deep as a binary one, its children in one line of the cache. */
export class FourAryHeap extends Due implements PendingEvents {
  atMs = 0
  subject = 0
  length = 0
  #times = new Float64Array(64)
  #orders = new Float64Array(64)
  #slots = new Int32Array(64)
  readonly #events = new Slots()
  #pushed = 0

  push(kind: number, subject: number, generation: number): void {
    const atMs = this.dueMs
    if (this.length === this.#times.length) this.#grow()
    const slot = this.#events.take(kind, subject, generation)
    const times = this.#times
    const orders = this.#orders
    const slots = this.#slots
    let index = this.length++
    while (index > 0) {
      const parent = (index - 1) >> 2
      if (times[parent]! <= atMs) break
      times[index] = times[parent]!
      orders[index] = orders[parent]!
      slots[index] = slots[parent]!
      index = parent
    }
    times[index] = atMs
    orders[index] = this.#pushed++
    slots[index] = slot
  }

  pop(): boolean {
    if (this.length === 0) return false
    const slot = this.#slots[0]!
    this.atMs = this.#times[0]!
    this.subject = this.#events.payloads[slot * 3 + 1]!
    this.#events.give(slot)
    const last = --this.length
    if (last > 0) this.#sink(this.#times[last]!, this.#orders[last]!, this.#slots[last]!, last)
    return true
  }

  #sink(atMs: number, order: number, slot: number, length: number): void {
    const times = this.#times
    const orders = this.#orders
    const slots = this.#slots
    let index = 0
    for (;;) {
      const first = 4 * index + 1
      if (first >= length) break
      const end = Math.min(first + 4, length)
      let child = first
      let childAtMs = times[first]!
      for (let other = first + 1; other < end; other++) {
        const otherAtMs = times[other]!
        if (otherAtMs < childAtMs || (otherAtMs === childAtMs && orders[other]! < orders[child]!)) {
          child = other
          childAtMs = otherAtMs
        }
      }
      if (childAtMs > atMs || (childAtMs === atMs && orders[child]! > order)) break
      times[index] = childAtMs
      orders[index] = orders[child]!
      slots[index] = slots[child]!
      index = child
    }
    times[index] = atMs
    orders[index] = order
    slots[index] = slot
  }

  #grow(): void {
    const length = this.#times.length * 2
    this.#times = longer(this.#times, length)
    this.#orders = longer(this.#orders, length)
    this.#slots = longer(this.#slots, length)
  }
}
