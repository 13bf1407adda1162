export interface DeskLimits {
  /** Calls at once; `Infinity`: no limit. */
  readonly calls: number
  /** Callers who may wait beyond them. */
  readonly hold: number
  /** Whether urgent callers go first and others make room for them. */
  readonly urgentFirst: boolean
}

/** What becomes of a caller: served, on hold, or turned away with a busy tone. */
export type Seat = 'served' | 'held' | 'refused'

interface Caller {
  readonly call: number
  readonly priority: number
}

/** Who is on the line and who waits for a place: a pure state machine. */
export class CallDesk {
  readonly #limits: DeskLimits
  readonly #serve: (call: number) => void
  readonly #displace: (call: number) => void
  readonly #served = new Set<number>()
  /** In the order in which they came. */
  #held: Caller[] = []

  /** `serve` is called with a caller on hold for whom there is a place; `displace` with one who has to make room. */
  constructor(limits: DeskLimits, serve: (call: number) => void, displace: (call: number) => void) {
    this.#limits = limits
    this.#serve = serve
    this.#displace = displace
  }

  get serving(): number {
    return this.#served.size
  }

  get holding(): number {
    return this.#held.length
  }

  /** Whether a call of this priority would be turned away now. */
  refuses(priority: number): boolean {
    const { calls, hold } = this.#limits
    if (this.#served.size < calls || this.#held.length < hold) return false
    return this.#lowestBelow(priority) === undefined
  }

  arrive(call: number, priority: number): Seat {
    const { calls, hold } = this.#limits
    if (this.#served.size < calls && this.#held.length === 0) {
      this.#served.add(call)
      return 'served'
    }
    if (this.#held.length >= hold) {
      const other = this.#lowestBelow(priority)
      if (!other) return 'refused'
      this.#held = this.#held.filter((each) => each !== other)
      this.#displace(other.call)
    }
    this.#held.push({ call, priority })
    return 'held'
  }

  /** A call is over, on the line or on hold. */
  leave(call: number): void {
    this.#held = this.#held.filter((each) => each.call !== call)
    if (!this.#served.delete(call)) return
    const next = this.#next()
    if (!next) return
    this.#held = this.#held.filter((each) => each !== next)
    this.#served.add(next.call)
    this.#serve(next.call)
  }

  #next(): Caller | undefined {
    if (!this.#limits.urgentFirst) return this.#held[0]
    let best: Caller | undefined
    for (const each of this.#held) if (!best || each.priority > best.priority) best = each
    return best
  }

  /** Who came last of the least urgent on hold, where they are less urgent than `priority`. */
  #lowestBelow(priority: number): Caller | undefined {
    if (!this.#limits.urgentFirst) return undefined
    let lowest: Caller | undefined
    for (const each of this.#held)
      if (each.priority < priority && each.priority <= (lowest?.priority ?? Infinity)) lowest = each
    return lowest
  }
}
