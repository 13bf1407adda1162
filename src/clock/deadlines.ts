import { longer } from '../stats/columns.ts'
import type { EventQueue } from './event-queue.ts'

/** Steps ahead that have a list of their own; what is due later stands in the last one, and is looked at again. */
const steps = 64
/** A deadline enters the queue this share of the usual wait before it is due. */
const stepsOfUsualWait = 16
const none = -1

/** What a queue of events is told of deadlines that come near: a step is over, and `enter` is to be called with it. */
export interface DeadlineOptions {
  /** Kind of the events. */
  readonly kind: number
  /** Kind of the event that asks for `enter`, its subject, and as its generation the step. */
  readonly wake: { readonly kind: number; readonly subject: number }
  readonly usualWaitMs: number
  /** By subject: an event of another generation comes to nothing. */
  readonly generations: () => Int32Array
}

/**
 * Events that are far ahead, such as what a user thinks about, or mostly come to nothing, as a turn ends long before its
 * limit: they wait outside the queue, in lists by the step of time that they are due in, and enter it when their step
 * begins, those whose subject has moved on left out. So the queue holds what happens next, and stays shallow. The order of events is as if each had been pushed when it was
 * planned.
 */
export class Deadlines {
  readonly #queue: EventQueue
  readonly #options: DeadlineOptions
  /** A power of two, so that steps begin at exact instants. */
  readonly #stepMs: number
  readonly #heads = new Int32Array(steps).fill(none)
  #free = none
  #count = 0
  #times = new Float64Array(64)
  #orders = new Float64Array(64)
  #subjects = new Int32Array(64)
  #generations = new Int32Array(64)
  #next = new Int32Array(64)
  /** When the deadline is that looks for its place. */
  #dueMs = NaN

  constructor(queue: EventQueue, options: DeadlineOptions) {
    this.#queue = queue
    this.#options = options
    const stepMs = Math.min(Math.max(options.usualWaitMs / stepsOfUsualWait, 1), 2 ** 30)
    this.#stepMs = 2 ** Math.floor(Math.log2(stepMs))
  }

  /** When the deadline is that is planned next: `deadlines.at(atMs).plan(...)`. */
  at(atMs: number): this {
    this.#dueMs = atMs
    return this
  }

  plan(subject: number, generation: number): void {
    this.#place(this.#queue.reserve(), subject, generation)
  }

  /** A step begins: what is due in it and still meant enters the queue. */
  enter(step: number): void {
    const generations = this.#options.generations()
    let entry = this.#heads[step & (steps - 1)]!
    this.#heads[step & (steps - 1)] = none
    while (entry !== none) {
      const following = this.#next[entry]!
      this.#next[entry] = this.#free
      this.#free = entry
      const subject = this.#subjects[entry]!
      const generation = this.#generations[entry]!
      if (generations[subject] === generation)
        this.at(this.#times[entry]!).#place(this.#orders[entry]!, subject, generation)
      entry = following
    }
  }

  #place(order: number, subject: number, generation: number): void {
    const queue = this.#queue
    const atMs = this.#dueMs
    const now = Math.floor(queue.atMs / this.#stepMs)
    const step = Math.min(Math.floor(atMs / this.#stepMs), now + steps - 1)
    if (!(step > now && atMs < Infinity)) {
      queue.at(atMs).pushAs(order, this.#options.kind, subject, generation)
      return
    }
    const entry = this.#take()
    const list = step & (steps - 1)
    // Before whatever else is due when the step begins.
    if (this.#heads[list] === none) {
      const { kind, subject: woken } = this.#options.wake
      queue.at(step * this.#stepMs).pushAs(none, kind, woken, step)
    }
    this.#times[entry] = atMs
    this.#orders[entry] = order
    this.#subjects[entry] = subject
    this.#generations[entry] = generation
    this.#next[entry] = this.#heads[list]!
    this.#heads[list] = entry
  }

  #take(): number {
    const entry = this.#free
    if (entry === none) {
      if (this.#count === this.#times.length) this.#grow()
      return this.#count++
    }
    this.#free = this.#next[entry]!
    return entry
  }

  #grow(): void {
    const length = this.#count * 2
    this.#times = longer(this.#times, length)
    this.#orders = longer(this.#orders, length)
    this.#subjects = longer(this.#subjects, length)
    this.#generations = longer(this.#generations, length)
    this.#next = longer(this.#next, length)
  }
}
