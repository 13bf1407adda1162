import type { EventQueue } from '../clock/event-queue.ts'

/** A level over a stretch of time. */
export interface Stretch {
  readonly mean: number
  readonly highest: number
}

/**
 * A level that jumps at instants of the clock, such as turns in line, told stretch by stretch. Apart from `TimeAverage`, whose
 * one window begins and ends between two stretches.
 */
export class Gauge {
  level = 0
  readonly #clock: EventQueue
  #highest = 0
  #area = 0
  #fromMs = 0
  #sinceMs = 0

  constructor(clock: EventQueue) {
    this.#clock = clock
  }

  add(by: number): void {
    this.set(this.level + by)
  }

  set(level: number): void {
    const { atMs } = this.#clock
    this.#area += this.level * (atMs - this.#sinceMs)
    this.#sinceMs = atMs
    this.level = level
    if (level > this.#highest) this.#highest = level
  }

  /** The stretch since it was last read. */
  read(atMs: number): Stretch {
    const { level } = this
    const area = this.#area + level * (atMs - this.#sinceMs)
    // What did not move is told as it is, without the rounding of a product and a quotient.
    const mean = this.#sinceMs > this.#fromMs ? area / (atMs - this.#fromMs) : level
    const stretch = { mean, highest: this.#highest }
    this.#highest = level
    this.#area = 0
    this.#fromMs = this.#sinceMs = atMs
    return stretch
  }
}
