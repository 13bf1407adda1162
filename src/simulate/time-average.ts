/** A level that jumps, such as turns in service, averaged over a window of time. */
export class TimeAverage {
  level = 0
  max = 0
  readonly #startMs: number
  readonly #endMs: number
  #area = 0
  #sinceMs = 0

  constructor(startMs: number, endMs: number) {
    this.#startMs = startMs
    this.#endMs = endMs
  }

  add(atMs: number, by: number): void {
    this.set(atMs, this.level + by)
  }

  set(atMs: number, level: number): void {
    this.#cover(atMs)
    this.level = level
    if (level > this.max && atMs >= this.#startMs) this.max = level
  }

  /** The mean over the window, once time has reached its end. */
  mean(atMs: number): number {
    this.#cover(atMs)
    const lengthMs = Math.min(atMs, this.#endMs) - this.#startMs
    return lengthMs > 0 ? this.#area / lengthMs : 0
  }

  #cover(atMs: number): void {
    const fromMs = Math.max(this.#sinceMs, this.#startMs)
    const toMs = Math.min(atMs, this.#endMs)
    if (toMs > fromMs) this.#area += this.level * (toMs - fromMs)
    this.#sinceMs = atMs
  }
}
