import type { TimeAverage } from './time-average.ts'
import { WaitingLine } from './waiting-line.ts'

/** Each worker's connections to one kind of service; a call that finds none free waits in line. */
export class ConnectionPool {
  /** Of each worker. */
  readonly size: number
  readonly busy: TimeAverage
  readonly #free: Int32Array
  readonly #lines: readonly WaitingLine[]
  readonly #passing: Uint8Array
  readonly #generations: () => Int32Array
  readonly #go: (waiting: number) => void

  /**
   * `go` hears which waiting call holds a connection now. `generations` are of the calls that wait: one whose generation
   * has changed has given up.
   */
  constructor(
    size: number,
    workers: number,
    busy: TimeAverage,
    generations: () => Int32Array,
    go: (waiting: number) => void,
  ) {
    this.size = size
    this.busy = busy
    this.#free = new Int32Array(workers).fill(size)
    this.#lines = Array.from({ length: workers }, () => new WaitingLine())
    this.#passing = new Uint8Array(workers)
    this.#generations = generations
    this.#go = go
  }

  /** Takes a connection of a worker; false where there is none, and the caller waits. */
  take(worker: number, waiting: number): boolean {
    if (this.#free[worker]! > 0) {
      this.#free[worker]!--
      this.busy.add(1)
      return true
    }
    this.#lines[worker]!.push(waiting, this.#generations()[waiting]!)
    return false
  }

  /** The worker's process is gone, and with it the line of calls that wait there. */
  forget(worker: number): void {
    this.#lines[worker]!.clear()
  }

  /** A connection is free again and goes to the next in line. A loop: a call that is refused at once gives it back within `go`. */
  give(worker: number): void {
    this.#free[worker]!++
    this.busy.add(-1)
    if (this.#passing[worker] === 1) return
    this.#passing[worker] = 1
    while (this.#free[worker]! > 0) {
      const next = this.#lines[worker]!.shift(this.#generations())
      if (next < 0) break
      this.#free[worker]!--
      this.busy.add(1)
      this.#go(next)
    }
    this.#passing[worker] = 0
  }
}
