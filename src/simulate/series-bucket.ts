import { Histogram } from '../stats/histogram.ts'
import type { AnsweredTimes } from '../result/answered-turns.ts'
import type { TurnRecord } from '../result/records.ts'
import type { SeriesPoint } from '../result/summary.ts'

/** What happened between two points of the series. */
export class SeriesBucket {
  readonly #latencies = new Histogram()
  #completed = 0
  #ended = 0
  #rateLimited = 0
  #fromMs = 0

  ended(turn: Readonly<TurnRecord>): void {
    this.#ended++
    if (turn.outcome !== 'completed') return
    this.#completed++
    this.#latencies.add(turn.endedAtMs - turn.sentAtMs)
  }

  answered({ turnMs }: AnsweredTimes): void {
    this.#latencies.addAll(turnMs)
    this.#completed += turnMs.length
    this.#ended += turnMs.length
  }

  rateLimited(): void {
    this.#rateLimited++
  }

  /** The bucket as a point, and the bucket empty again. */
  close(atMs: number, users: number): SeriesPoint {
    const latencies =
      this.#completed > 0
        ? { turnP50Ms: this.#latencies.quantile(0.5), turnP95Ms: this.#latencies.quantile(0.95) }
        : {}
    const point: SeriesPoint = {
      atMs,
      users,
      turnsPerSecond: (this.#completed / (atMs - this.#fromMs)) * 1000,
      ...latencies,
      rateLimited: this.#rateLimited,
      errors: this.#ended - this.#completed,
    }
    this.#fromMs = atMs
    this.#completed = this.#ended = this.#rateLimited = 0
    this.#latencies.clear()
    return point
  }
}
