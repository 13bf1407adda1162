/**
 * Events of a virtual clock, ordered by time and, at the same instant, by when they were pushed. An event is three
 * whole numbers whose meaning is the caller's: a kind, a subject and the subject's generation. Cancelling is lazy:
 * whoever raises a subject's generation skips the events of older ones when they come up. Allocates nothing per event.
 *
 * A binary heap whose root stays open after a `pop`: the event that is pushed next, as most events push one, sinks from
 * there, which is half the work of closing the heap and letting it rise from the bottom. Behind the last event stands
 * Infinity, so that every event has two children and the earlier of them is found without a branch, which no processor
 * could foresee.
 *
 * Instants stand in fields on their way in and out, `atMs` and what `at` notes: handed to a function that V8 does not
 * compile together with its caller, a number that is not whole becomes an object.
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
  #capacity: number
  #times: Float64Array
  /** By place in the heap. Slots of its unused tail are the free ones. */
  #slots: Int32Array
  /** By slot: how many were pushed before. */
  #orders: Float64Array
  /** By slot, three numbers each. */
  #payloads: Int32Array
  #pushed = 0
  /** When the event is due that looks for its place. */
  #dueMs = NaN

  constructor(capacity = 64) {
    this.#capacity = capacity
    this.#times = new Float64Array(capacity + 1).fill(Infinity)
    this.#slots = Int32Array.from({ length: capacity + 1 }, (_, slot) => slot)
    this.#orders = new Float64Array(capacity)
    this.#payloads = new Int32Array(capacity * 3)
  }

  /** When the next event is due; Infinity when there is none. */
  get nextAtMs(): number {
    if (this.#open) this.#close()
    return this.#times[0]!
  }

  /** When the event is due that is pushed next: `queue.at(atMs).push(...)`. */
  at(atMs: number): this {
    this.#dueMs = atMs
    return this
  }

  push(kind: number, subject: number, generation: number): void {
    this.pushAs(this.#pushed++, kind, subject, generation)
  }

  /** A place among the events of one instant, for one that is pushed later: `pushAs`. */
  reserve(): number {
    return this.#pushed++
  }

  /** A push that comes, among events of one instant, where `order` puts it: -1 is before all of them. */
  pushAs(order: number, kind: number, subject: number, generation: number): void {
    const atMs = this.#dueMs
    if (!(atMs < Infinity)) {
      if (atMs === Infinity) return
      throw new RangeError('an event needs a time')
    }
    if (this.#open) {
      this.#open = false
      const slot = this.#slots[0]!
      this.#write(slot, order, kind, subject, generation)
      this.#sink(slot, ++this.length)
      return
    }
    if (this.length === this.#capacity) this.#grow()
    const times = this.#times
    const slots = this.#slots
    let index = this.length++
    const slot = slots[index]!
    this.#write(slot, order, kind, subject, generation)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const parentAtMs = times[parent]!
      if (parentAtMs <= atMs && (parentAtMs < atMs || this.#orders[slots[parent]!]! <= order)) break
      times[index] = times[parent]!
      slots[index] = slots[parent]!
      index = parent
    }
    times[index] = atMs
    slots[index] = slot
  }

  /** Takes the next event out into the fields of this object; false when there is none. */
  pop(): boolean {
    return this.popBefore(Infinity)
  }

  /** The same for an event before `endMs`; a later one stays. */
  popBefore(endMs: number): boolean {
    if (this.#open) this.#close()
    const atMs = this.#times[0]!
    // Where nothing is due, Infinity stands.
    if (!(atMs < endMs)) return false
    const payload = this.#slots[0]! * 3
    this.atMs = atMs
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
    const free = this.#slots[0]!
    this.#dueMs = this.#times[last]!
    this.#times[last] = Infinity
    if (last > 0) this.#sink(this.#slots[last]!, last)
    this.#slots[last] = free
  }

  #write(slot: number, order: number, kind: number, subject: number, generation: number): void {
    const payload = slot * 3
    this.#payloads[payload] = kind
    this.#payloads[payload + 1] = subject
    this.#payloads[payload + 2] = generation
    this.#orders[slot] = order
  }

  #sink(slot: number, length: number): void {
    const atMs = this.#dueMs
    const times = this.#times
    const slots = this.#slots
    const orders = this.#orders
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= length) break
      const leftAtMs = times[child]!
      const rightAtMs = times[child + 1]!
      if (leftAtMs === rightAtMs) child += Number(orders[slots[child + 1]!]! < orders[slots[child]!]!)
      else child += Number(rightAtMs < leftAtMs)
      const childAtMs = times[child]!
      if (childAtMs >= atMs && (childAtMs > atMs || orders[slots[child]!]! > orders[slot]!)) break
      times[index] = childAtMs
      slots[index] = slots[child]!
      index = child
    }
    times[index] = atMs
    slots[index] = slot
  }

  #grow(): void {
    const capacity = this.#capacity * 2
    const times = new Float64Array(capacity + 1).fill(Infinity)
    times.set(this.#times)
    const slots = Int32Array.from({ length: capacity + 1 }, (_, slot) => slot)
    slots.set(this.#slots.subarray(0, this.#capacity))
    const orders = new Float64Array(capacity)
    orders.set(this.#orders)
    const payloads = new Int32Array(capacity * 3)
    payloads.set(this.#payloads)
    this.#capacity = capacity
    this.#times = times
    this.#slots = slots
    this.#orders = orders
    this.#payloads = payloads
  }
}
