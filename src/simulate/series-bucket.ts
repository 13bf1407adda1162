import type { SeriesPoint } from '../result/summary.ts'

/** What happened between two points of the series. */
export class SeriesBucket {
  #latenciesMs = new Float64Array(256)
  #completed = 0
  #ended = 0
  #rateLimited = 0
  #fromMs = 0

  completed(latencyMs: number): void {
    if (this.#completed === this.#latenciesMs.length) {
      const grown = new Float64Array(this.#completed * 2)
      grown.set(this.#latenciesMs)
      this.#latenciesMs = grown
    }
    this.#latenciesMs[this.#completed++] = latencyMs
    this.#ended++
  }

  notCompleted(): void {
    this.#ended++
  }

  rateLimited(): void {
    this.#rateLimited++
  }

  /** The bucket as a point, and the bucket empty again. */
  close(atMs: number, users: number, callsInFlight: number): SeriesPoint {
    const sorted = this.#latenciesMs.subarray(0, this.#completed).sort()
    const at = (p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]!
    const point: SeriesPoint = {
      atMs,
      users,
      turnsPerSecond: (this.#completed / (atMs - this.#fromMs)) * 1000,
      ...(this.#completed > 0 ? { turnP50Ms: at(0.5), turnP95Ms: at(0.95) } : {}),
      callsInFlight,
      rateLimited: this.#rateLimited,
      errors: this.#ended - this.#completed,
    }
    this.#fromMs = atMs
    this.#completed = this.#ended = this.#rateLimited = 0
    return point
  }
}
