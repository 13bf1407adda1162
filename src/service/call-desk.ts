import { JobLine } from './job-line.ts'

/** How many calls an agent takes, and what becomes of those beyond. */
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

const nobody = -1

/** Who is on the line and who waits for a place: a pure state machine. */
export class CallDesk {
  readonly #limits: DeskLimits
  readonly #serve: (call: number) => void
  readonly #displace: (call: number) => void
  readonly #served = new Set<number>()
  /** In the order in which they came, each with its priority. */
  readonly #held = new JobLine()

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
    return this.#lowestBelow(priority) === nobody
  }

  arrive(call: number, priority: number): Seat {
    const { calls, hold } = this.#limits
    if (this.#served.size < calls && this.#held.length === 0) {
      this.#served.add(call)
      return 'served'
    }
    if (this.#held.length >= hold) {
      const other = this.#lowestBelow(priority)
      if (other === nobody) return 'refused'
      this.#held.remove(other)
      this.#displace(other)
    }
    this.#held.push(call, priority)
    return 'held'
  }

  /** A call is over, on the line or on hold. */
  leave(call: number): void {
    this.#held.remove(call)
    if (!this.#served.delete(call) || this.#held.length === 0) return
    const next = this.#next()
    this.#held.remove(next)
    this.#served.add(next)
    this.#serve(next)
  }

  /** Who goes next of those on hold. */
  #next(): number {
    let best = 0
    if (this.#limits.urgentFirst)
      for (let place = 1; place < this.#held.length; place++)
        if (this.#held.workAt(place) > this.#held.workAt(best)) best = place
    return this.#held.jobAt(best)
  }

  /** Who came last of the least urgent on hold, where they are less urgent than `priority`; -1: nobody. */
  #lowestBelow(priority: number): number {
    if (!this.#limits.urgentFirst) return nobody
    let lowest = nobody
    let leastUrgent = Infinity
    for (let place = 0; place < this.#held.length; place++) {
      const urgency = this.#held.workAt(place)
      if (urgency >= priority || urgency > leastUrgent) continue
      lowest = this.#held.jobAt(place)
      leastUrgent = urgency
    }
    return lowest
  }
}
