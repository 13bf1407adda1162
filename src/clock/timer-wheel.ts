import { longer } from '../stats/columns.ts'

/** Something to be done at an instant. One object serves a whole stream: it is set again for each next chunk. */
export abstract class Due {
  /** Its place in the wheel, whose own this is. */
  entry = none

  /** It is `nowMs`, and it was to be done at `dueMs`. */
  abstract fire(nowMs: number, dueMs: number): void
}

/** Calls a function at an instant. */
export class Timer extends Due {
  readonly #then: (nowMs: number) => void

  constructor(then: (nowMs: number) => void) {
    super()
    this.#then = then
  }

  fire(nowMs: number): void {
    this.#then(nowMs)
  }
}

const none = -1
/** What stands in place of a slot's number: taken out of it to be fired, being fired, and not set at all. */
const taken = -1
const firing = -2
const unset = -3

const slots = 32_768
const slotMask = slots - 1
const words = slots / 32
/** How many are fired before it is asked whether that is enough. */
const firesPerLook = 8

/**
 * Thousands of timers behind one: a hashed wheel that is told the time and never fires early. Instants are absolute,
 * so a stream that is late once is not late for ever. Setting and clearing take the same time however many are set.
 *
 * What it knows of a timer lies in arrays of numbers, side by side: timers and what they lead to are spread over the
 * whole memory of a process, and each look at one that is not its turn would wait for it.
 */
export class TimerWheel {
  length = 0
  readonly #slotMs: number
  /** By slot: the first entry of its list. */
  readonly #heads = new Int32Array(slots).fill(none)
  /** One bit for each slot that holds a timer. */
  readonly #occupied = new Int32Array(words)
  /** Number of the slot that time has reached, counted from instant 0. */
  #cursor: number
  readonly #timers: (Due | undefined)[] = []
  #times = new Float64Array(64)
  #slots = new Int32Array(64)
  #following = new Int32Array(64)
  #preceding = new Int32Array(64)
  /** The first of the entries that are not used, linked by `#following`. */
  #unused = none
  /** Taken out of their slots to be fired, in the order of their instants, from `#next` on. */
  readonly #due: number[] = []
  #next = 0
  readonly #byTime = (a: number, b: number): number => this.#times[a]! - this.#times[b]!

  constructor(startMs = 0, slotMs = 0.25) {
    this.#slotMs = slotMs
    this.#cursor = Math.floor(startMs / slotMs)
  }

  /** Sets a timer, also one that is set already. An instant that has passed fires at the next `advance`. */
  set(timer: Due, atMs: number): void {
    if (!(Math.abs(atMs) < Infinity)) throw new RangeError('a timer needs an instant')
    const entry = timer.entry === none ? this.#enter(timer) : timer.entry
    this.#unlink(entry)
    const slot = Math.max(this.#cursor, Math.floor(atMs / this.#slotMs)) & slotMask
    const head = this.#heads[slot]!
    this.#times[entry] = atMs
    this.#slots[entry] = slot
    this.#following[entry] = head
    this.#preceding[entry] = none
    if (head !== none) this.#preceding[head] = entry
    this.#heads[slot] = entry
    this.#occupied[slot >> 5]! |= 1 << (slot & 31)
    this.length++
  }

  clear(timer: Due): void {
    if (timer.entry === none) return
    this.#unlink(timer.entry)
    this.#leave(timer.entry)
  }

  /**
   * The next instant at which it is worth calling `advance`, but for what is left of the last call; Infinity while
   * nothing is set. Never after a timer.
   */
  nextAtMs(): number {
    if (this.length === 0) return Infinity
    const start = this.#cursor & slotMask
    let word = start >> 5
    let bits = this.#occupied[word]! & (-1 << (start & 31))
    for (let steps = 0; bits === 0 && steps < words; steps++) {
      word = (word + 1) & (words - 1)
      bits = this.#occupied[word]!
    }
    const slot = (word << 5) + 31 - Math.clz32(bits & -bits)
    // A slot may hold timers of later rounds only: then its own end, where the search goes on.
    let earliestMs = (this.#cursor + ((slot - start) & slotMask) + 1) * this.#slotMs
    for (let entry = this.#heads[slot]!; entry !== none; entry = this.#following[entry]!)
      earliestMs = Math.min(earliestMs, this.#times[entry]!)
    return earliestMs
  }

  /**
   * Fires, in the order of their instants, all timers that are due; what they set in turn waits for the next call. True
   * where `isEnough` ended it before: the next call goes on from there.
   */
  advance(nowMs: number, isEnough: () => boolean = never): boolean {
    if (this.#next === this.#due.length) this.#takeDue(nowMs)
    const due = this.#due
    while (this.#next < due.length) {
      const entry = due[this.#next++]!
      // Cleared or set anew by one that fired before it.
      if (this.#slots[entry] !== taken) continue
      const timer = this.#timers[entry]!
      this.#slots[entry] = firing
      timer.fire(nowMs, this.#times[entry]!)
      if (this.#slots[entry] === firing) this.#leave(entry)
      if (this.#next % firesPerLook === 0 && this.#next < due.length && isEnough()) return true
    }
    return false
  }

  #takeDue(nowMs: number): void {
    this.#due.length = this.#next = 0
    const reached = Math.floor(nowMs / this.#slotMs)
    const first = this.#cursor
    if (reached > first) this.#cursor = reached
    if (this.length > 0) this.#takeSlots(first, Math.min(slots, reached - first + 1), nowMs)
    if (this.#due.length > 1) this.#due.sort(this.#byTime)
  }

  /** Ends with its loop: V8 compiles it within the first long one, and would leave that code at what follows, each time anew. */
  #takeSlots(first: number, count: number, nowMs: number): void {
    for (let i = 0; i < count; i++) {
      let entry = this.#heads[(first + i) & slotMask]!
      while (entry !== none) {
        const following = this.#following[entry]!
        if (this.#times[entry]! <= nowMs) {
          this.#unlink(entry)
          this.#due.push(entry)
        }
        entry = following
      }
    }
  }

  /** Takes it out of its slot, if it is in one. */
  #unlink(entry: number): void {
    const slot = this.#slots[entry]!
    if (slot < 0) return
    const following = this.#following[entry]!
    const preceding = this.#preceding[entry]!
    if (preceding === none) this.#heads[slot] = following
    else this.#following[preceding] = following
    if (following !== none) this.#preceding[following] = preceding
    if (this.#heads[slot] === none) this.#occupied[slot >> 5]! &= ~(1 << (slot & 31))
    this.#slots[entry] = taken
    this.length--
  }

  #enter(timer: Due): number {
    let entry = this.#unused
    if (entry === none) {
      entry = this.#timers.length
      if (entry === this.#times.length) this.#grow()
      this.#timers.push(timer)
    } else {
      this.#unused = this.#following[entry]!
      this.#timers[entry] = timer
    }
    this.#slots[entry] = unset
    timer.entry = entry
    return entry
  }

  #leave(entry: number): void {
    this.#timers[entry]!.entry = none
    this.#timers[entry] = undefined
    this.#slots[entry] = unset
    this.#following[entry] = this.#unused
    this.#unused = entry
  }

  #grow(): void {
    const length = this.#times.length * 2
    this.#times = longer(this.#times, length)
    this.#slots = longer(this.#slots, length)
    this.#following = longer(this.#following, length)
    this.#preceding = longer(this.#preceding, length)
  }
}

const never = (): boolean => false
