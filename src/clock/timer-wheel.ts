/** Something to be done at an instant. One object serves a whole stream: it is set again for each next chunk. */
export class Timer {
  /** When it is due; NaN while it is not set. */
  atMs = NaN
  readonly fire: (nowMs: number) => void
  /** The wheel's own. */
  slot = -1
  next: Timer | undefined
  previous: Timer | undefined

  constructor(fire: (nowMs: number) => void) {
    this.fire = fire
  }
}

const slots = 32_768
const slotMask = slots - 1
const words = slots / 32
/** How many are fired before it is asked whether that is enough. */
const firesPerLook = 8

/**
 * Thousands of timers behind one: a hashed wheel that is told the time and never fires early. Instants are absolute,
 * so a stream that is late once is not late for ever. Setting and clearing take the same time however many are set.
 */
export class TimerWheel {
  length = 0
  readonly #slotMs: number
  readonly #heads: (Timer | undefined)[] = Array.from({ length: slots }, () => undefined)
  /** One bit for each slot that holds a timer. */
  readonly #occupied = new Int32Array(words)
  /** Number of the slot that time has reached, counted from instant 0. */
  #cursor: number
  /** Taken out of their slots to be fired, in the order of their instants, from `#next` on. */
  readonly #due: Timer[] = []
  #next = 0

  constructor(startMs = 0, slotMs = 0.25) {
    this.#slotMs = slotMs
    this.#cursor = Math.floor(startMs / slotMs)
  }

  /** Sets a timer, also one that is set already. An instant that has passed fires at the next `advance`. */
  set(timer: Timer, atMs: number): void {
    if (!(Math.abs(atMs) < Infinity)) throw new RangeError('a timer needs an instant')
    this.#unlink(timer)
    timer.atMs = atMs
    const slot = Math.max(this.#cursor, Math.floor(atMs / this.#slotMs)) & slotMask
    const head = this.#heads[slot]
    timer.slot = slot
    timer.next = head
    if (head) head.previous = timer
    this.#heads[slot] = timer
    this.#occupied[slot >> 5]! |= 1 << (slot & 31)
    this.length++
  }

  clear(timer: Timer): void {
    this.#unlink(timer)
    timer.atMs = NaN
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
    for (let timer = this.#heads[slot]; timer; timer = timer.next)
      if (timer.atMs < earliestMs) earliestMs = timer.atMs
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
      const timer = due[this.#next++]!
      // Cleared or set anew by one that fired before it.
      if (timer.slot >= 0 || !(timer.atMs <= nowMs)) continue
      timer.atMs = NaN
      timer.fire(nowMs)
      if (this.#next % firesPerLook === 0 && this.#next < due.length && isEnough()) return true
    }
    // Nothing that has been fired is held on to.
    due.length = this.#next = 0
    return false
  }

  #takeDue(nowMs: number): void {
    const due = this.#due
    due.length = this.#next = 0
    const reached = Math.floor(nowMs / this.#slotMs)
    const first = this.#cursor
    if (reached > first) this.#cursor = reached
    const count = this.length === 0 ? 0 : Math.min(slots, reached - first + 1)
    for (let i = 0; i < count; i++) {
      let timer = this.#heads[(first + i) & slotMask]
      while (timer) {
        const following: Timer | undefined = timer.next
        if (timer.atMs <= nowMs) {
          this.#unlink(timer)
          due.push(timer)
        }
        timer = following
      }
    }
    if (due.length > 1) due.sort(byTime)
  }

  #unlink(timer: Timer): void {
    const { slot, next, previous } = timer
    if (slot < 0) return
    if (previous) previous.next = next
    else this.#heads[slot] = next
    if (next) next.previous = previous
    if (!this.#heads[slot]) this.#occupied[slot >> 5]! &= ~(1 << (slot & 31))
    timer.next = undefined
    timer.previous = undefined
    timer.slot = -1
    this.length--
  }
}

const never = (): boolean => false

const byTime = (a: Timer, b: Timer): number => a.atMs - b.atMs
