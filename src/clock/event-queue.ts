/**
 * Events of a virtual clock, ordered by time and, at the same instant, by when they were pushed. An event is three
 * whole numbers whose meaning is the caller's: a kind, a subject and the subject's generation. Cancelling is lazy:
 * whoever raises a subject's generation skips the events of older ones when they come up. Allocates nothing per event.
 *
 * A binary heap whose root stays open after a `pop`: the event that is pushed next, as most events push one, sinks from
 * there, which is half the work of closing the heap and letting it rise from the bottom.
 */
export class EventQueue {
  /** The event that `pop` took out last. */
  atMs = 0
  kind = 0
  subject = 0
  generation = 0
  length = 0

  /** Whether the event at the root was taken out; the heap then holds `length` events behind it. */
  #open = false
  #times: Float64Array
  #orders: Float64Array
  #slots: Int32Array
  /** By slot, three numbers each. Slots of the heap's unused tail are the free ones. */
  #payloads: Int32Array
  #pushed = 0

  constructor(capacity = 64) {
    this.#times = new Float64Array(capacity)
    this.#orders = new Float64Array(capacity)
    this.#slots = Int32Array.from({ length: capacity }, (_, slot) => slot)
    this.#payloads = new Int32Array(capacity * 3)
  }

  /** When the next event is due; Infinity when there is none. */
  get nextAtMs(): number {
    if (this.#open) this.#close()
    return this.length === 0 ? Infinity : this.#times[0]!
  }

  push(atMs: number, kind: number, subject: number, generation: number): void {
    if (!(atMs < Infinity)) {
      if (atMs === Infinity) return
      throw new RangeError('an event needs a time')
    }
    if (this.#open) {
      this.#open = false
      const slot = this.#slots[0]!
      this.#write(slot, kind, subject, generation)
      this.#sink(atMs, this.#pushed++, slot, ++this.length)
      return
    }
    if (this.length === this.#times.length) this.#grow()
    const times = this.#times
    const orders = this.#orders
    const slots = this.#slots
    let index = this.length++
    const slot = slots[index]!
    this.#write(slot, kind, subject, generation)
    // The new event is the youngest: it never passes one of the same time.
    while (index > 0) {
      const parent = (index - 1) >> 1
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

  /** Takes the next event out into the fields of this object; false when there is none. */
  pop(): boolean {
    if (this.#open) this.#close()
    if (this.length === 0) return false
    const payload = this.#slots[0]! * 3
    this.atMs = this.#times[0]!
    this.kind = this.#payloads[payload]!
    this.subject = this.#payloads[payload + 1]!
    this.generation = this.#payloads[payload + 2]!
    this.length--
    this.#open = true
    return true
  }

  /** The last event of the heap sinks from the root. */
  #close(): void {
    this.#open = false
    const last = this.length
    if (last === 0) return
    const slot = this.#slots[0]!
    this.#sink(this.#times[last]!, this.#orders[last]!, this.#slots[last]!, last)
    this.#slots[last] = slot
  }

  #write(slot: number, kind: number, subject: number, generation: number): void {
    const payload = slot * 3
    this.#payloads[payload] = kind
    this.#payloads[payload + 1] = subject
    this.#payloads[payload + 2] = generation
  }

  #sink(atMs: number, order: number, slot: number, length: number): void {
    const times = this.#times
    const orders = this.#orders
    const slots = this.#slots
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= length) break
      let childAtMs = times[child]!
      const right = child + 1
      if (right < length) {
        const rightAtMs = times[right]!
        if (rightAtMs < childAtMs || (rightAtMs === childAtMs && orders[right]! < orders[child]!)) {
          child = right
          childAtMs = rightAtMs
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
    const length = this.#times.length
    const times = new Float64Array(length * 2)
    times.set(this.#times)
    const orders = new Float64Array(length * 2)
    orders.set(this.#orders)
    const slots = Int32Array.from({ length: length * 2 }, (_, slot) => slot)
    slots.set(this.#slots)
    const payloads = new Int32Array(length * 6)
    payloads.set(this.#payloads)
    this.#times = times
    this.#orders = orders
    this.#slots = slots
    this.#payloads = payloads
  }
}
