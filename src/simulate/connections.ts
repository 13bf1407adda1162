import type { TimeAverage } from './time-average.ts'
import { WaitingLine } from './waiting-line.ts'

/** Each worker's connections to one kind of service; a call that finds none free waits in line. */
export class ConnectionPool {
  /** Of each worker. */
  readonly size: number
  readonly busy: TimeAverage
  readonly #free: Int32Array
  readonly #lines: readonly WaitingLine[]
  /** Connections of this worker are not passed on while it is above zero. */
  readonly #holds: Int32Array
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
    this.#holds = new Int32Array(workers)
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

  /** Until `passOn`, what is given back goes to nobody: those in line may be about to leave it. */
  hold(worker: number): void {
    this.#holds[worker]!++
  }

  /** What was given back since `hold` goes to those who are still in line. */
  passOn(worker: number): void {
    this.#holds[worker]!--
    this.#pass(worker)
  }

  /** A connection is free again and goes to the next in line. */
  give(worker: number): void {
    this.#free[worker]!++
    this.busy.add(-1)
    this.#pass(worker)
  }

  /** A loop: a call that is refused at once gives its connection back within `go`. */
  #pass(worker: number): void {
    if (this.#holds[worker]! > 0) return
    this.#holds[worker] = 1
    while (this.#free[worker]! > 0) {
      const next = this.#lines[worker]!.shift(this.#generations())
      if (next < 0) break
      this.#free[worker]!--
      this.busy.add(1)
      this.#go(next)
    }
    this.#holds[worker] = 0
  }
}
