import { Histogram } from '../stats/histogram.ts'
import type { Share } from '../stats/tally.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import type { Interval } from '../stats/interval.ts'
import type { Judged } from './judge.ts'
import type { CallRecord } from './records.ts'
import type { Dist } from './summary.ts'

/** Times between tokens, many of one value at once: a call has one pace. */
export class GapTally implements Judged {
  readonly #histogram = new Histogram()
  readonly #limits: readonly number[]
  readonly #above: Float64Array
  /** Calls rather than tokens: the gaps of one call are not independent. */
  #paces = 0
  /** What is added: see `Tally`. */
  #gapMs = NaN

  constructor(limits: readonly number[]) {
    this.#limits = limits
    this.#above = new Float64Array(limits.length)
  }

  add(gapMs: number, count: number): void {
    this.#gapMs = gapMs
    this.#take(count)
  }

  /** The gaps of a call that has had two tokens or more, evenly spread. */
  addPaced({ endedAtMs, firstTokenAtMs, outputTokens }: Readonly<CallRecord>): void {
    const gaps = outputTokens - 1
    this.#gapMs = (endedAtMs - firstTokenAtMs) / gaps
    this.#take(gaps)
  }

  #take(count: number): void {
    const gapMs = this.#gapMs
    this.#histogram.addSame(gapMs, count)
    this.#paces++
    for (let i = 0; i < this.#limits.length; i++) if (gapMs > this.#limits[i]!) this.#above[i]! += count
  }

  get count(): number {
    return this.#histogram.count
  }

  get mean(): number {
    return this.#histogram.sum / this.count
  }

  quantile(p: number): number {
    return Math.min(this.#histogram.max, this.#histogram.quantile(p))
  }

  meanInterval(): Interval | undefined {
    return undefined
  }

  quantileInterval(): Interval | undefined {
    return undefined
  }

  shareAbove(limit: number): Share {
    const known = this.#limits.indexOf(limit)
    const above = known === -1 ? this.#histogram.above(limit) : this.#above[known]!
    const share = this.count > 0 ? above / this.count : 0
    const [low, high] = wilsonInterval(share, this.#paces)
    return { share, low, high, effectiveCount: this.#paces }
  }

  dist(): Dist | undefined {
    if (this.count === 0) return undefined
    const at = (p: number): number => this.quantile(p)
    return {
      mean: this.mean,
      p50: at(0.5),
      p90: at(0.9),
      p95: at(0.95),
      p99: at(0.99),
      max: this.#histogram.max,
      count: this.count,
    }
  }
}
