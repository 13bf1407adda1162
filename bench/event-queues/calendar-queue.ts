import { longer } from '../../src/stats/columns.ts'
import { Due, type PendingEvents, Slots } from './pending-events.ts'

const none = -1

/**
 * R. Brown, Calendar Queues (CACM 31, 1988): days of one width in a year that begins again, each a list in order of
 * time. The width is three mean gaps of the events that come next, taken anew whenever the number of days changes.
 */
export class CalendarQueue extends Due implements PendingEvents {
  atMs = 0
  subject = 0
  length = 0
  #width = 1
  #heads: Int32Array = new Int32Array(2).fill(none)
  #times = new Float64Array(64)
  #next = new Int32Array(64)
  readonly #events = new Slots()
  /** Days since the beginning, up to the one that is looked at. */
  #day = 0

  push(kind: number, subject: number, generation: number): void {
    const atMs = this.dueMs
    if (this.length === this.#times.length) {
      this.#times = longer(this.#times, this.length * 2)
      this.#next = longer(this.#next, this.length * 2)
    }
    const node = this.#events.take(kind, subject, generation)
    this.#times[node] = atMs
    this.#insert(node)
    if (++this.length > 2 * this.#heads.length) this.#resize(this.#heads.length * 2)
  }

  pop(): boolean {
    if (this.length === 0) return false
    const node = this.#takeFirst()
    this.atMs = this.#times[node]!
    this.subject = this.#events.payloads[node * 3 + 1]!
    this.#events.give(node)
    this.length--
    if (this.length < this.#heads.length / 2 && this.#heads.length > 2) this.#resize(this.#heads.length / 2)
    return true
  }

  #takeFirst(): number {
    const heads = this.#heads
    const times = this.#times
    for (let looked = 0; looked < heads.length; looked++) {
      const at = this.#day % heads.length
      const node = heads[at]!
      if (node !== none && Math.floor(times[node]! / this.#width) <= this.#day) {
        heads[at] = this.#next[node]!
        return node
      }
      this.#day++
    }
    // A whole year without events: go to the earliest one.
    let first = none
    for (const node of heads)
      if (node !== none && (first === none || times[node]! < times[first]!)) first = node
    this.#day = Math.floor(times[first]! / this.#width)
    heads[this.#day % heads.length] = this.#next[first]!
    return first
  }

  #insert(node: number): void {
    const times = this.#times
    const next = this.#next
    const atMs = times[node]!
    const day = Math.floor(atMs / this.#width)
    if (day < this.#day) this.#day = day
    const at = day % this.#heads.length
    const head = this.#heads[at]!
    if (head === none || times[head]! > atMs) {
      next[node] = head
      this.#heads[at] = node
      return
    }
    let before = head
    while (next[before] !== none && times[next[before]!]! <= atMs) before = next[before]!
    next[node] = next[before]!
    next[before] = node
  }

  #resize(days: number): void {
    const sample: number[] = []
    while (sample.length < Math.min(25, this.length)) sample.push(this.#takeFirst())
    const spanMs = this.#times[sample.at(-1)!]! - this.#times[sample[0]!]!
    const nodes: number[] = [...sample]
    for (const head of this.#heads)
      for (let node = head; node !== none; node = this.#next[node]!) nodes.push(node)
    if (spanMs > 0) this.#width = (3 * spanMs) / (sample.length - 1)
    this.#heads = new Int32Array(days).fill(none)
    this.#day = Math.floor(this.#times[sample[0]!]! / this.#width)
    for (const node of nodes) this.#insert(node)
  }
}
