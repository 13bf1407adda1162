import type { SeriesPoint } from '../result/summary.ts'

/** Latencies of a chart's point are counted in steps of 1.7 %, from 1 ms to 14 hours. */
const stepsPerDoubling = 40
const steps = 1024

/** What happened between two points of the series. */
export class SeriesBucket {
  readonly #latencies = new Int32Array(steps)
  #completed = 0
  #ended = 0
  #rateLimited = 0
  #fromMs = 0

  completed(latencyMs: number): void {
    const step = Math.floor(Math.log2(1 + latencyMs) * stepsPerDoubling)
    this.#latencies[Math.min(steps - 1, step)]!++
    this.#completed++
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
    const latencies =
      this.#completed > 0 ? { turnP50Ms: this.#quantileMs(0.5), turnP95Ms: this.#quantileMs(0.95) } : {}
    const point: SeriesPoint = {
      atMs,
      users,
      turnsPerSecond: (this.#completed / (atMs - this.#fromMs)) * 1000,
      ...latencies,
      callsInFlight,
      rateLimited: this.#rateLimited,
      errors: this.#ended - this.#completed,
    }
    this.#fromMs = atMs
    this.#completed = this.#ended = this.#rateLimited = 0
    this.#latencies.fill(0)
    return point
  }

  #quantileMs(share: number): number {
    let left = share * this.#completed
    let step = 0
    while (step < steps - 1 && (left -= this.#latencies[step]!) > 0) step++
    return 2 ** ((step + 0.5) / stepsPerDoubling) - 1
  }
}
