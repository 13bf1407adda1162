import type { EventQueue } from '../clock/event-queue.ts'

/** A level that jumps at instants of the clock, such as turns in service, averaged over a window of time. */
export class TimeAverage {
  level = 0
  max = 0
  readonly #clock: EventQueue
  readonly #startMs: number
  readonly #endMs: number
  #area = 0
  #sinceMs = 0

  constructor(clock: EventQueue, window: { readonly fromMs: number; readonly toMs: number }) {
    this.#clock = clock
    this.#startMs = window.fromMs
    this.#endMs = window.toMs
  }

  add(by: number): void {
    this.set(this.level + by)
  }

  set(level: number): void {
    const { atMs } = this.#clock
    const fromMs = Math.max(this.#sinceMs, this.#startMs)
    const toMs = Math.min(atMs, this.#endMs)
    if (toMs > fromMs) this.#area += this.level * (toMs - fromMs)
    this.#sinceMs = atMs
    this.level = level
    if (level > this.max && atMs >= this.#startMs) this.max = level
  }

  /** The mean over the window, once time has reached its end. */
  mean(atMs: number): number {
    const toMs = Math.min(atMs, this.#endMs)
    const lengthMs = toMs - this.#startMs
    const sinceLastMs = toMs - Math.max(this.#sinceMs, this.#startMs)
    const area = sinceLastMs > 0 ? this.#area + this.level * sinceLastMs : this.#area
    return lengthMs > 0 ? area / lengthMs : 0
  }
}
