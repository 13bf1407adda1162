import { sumOf } from '../stats/columns.ts'
import { Histogram } from '../stats/histogram.ts'
import type { Tally } from '../stats/tally.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import { answeredSums } from './answered-turns.ts'
import { hasLatency } from './has-latency.ts'
import type { TurnRecord } from './records.ts'
import type { Dist, PartSummary } from './summary.ts'
import { isSilent, isUnfinished, ttftMs, turnMs } from './turn-values.ts'

/** Turns that are put away at once, where it costs a fraction. */
const blockTurns = 1024

/**
 * Turns of a part by turn and first token, within 1 %, without intervals: what a simulator that plays a turn in
 * microseconds can afford for parts that nobody set an objective on.
 */
export class RoughPart {
  ended = 0
  #completed = 0
  readonly #turn = new RoughTimes()
  readonly #ttft = new RoughTimes()

  add(turn: Readonly<TurnRecord>): void {
    this.ended++
    if (turn.outcome === 'completed') this.#completed++
    if (!hasLatency(turn)) return
    this.#turn.add(turnMs(turn))
    this.#ttft.add(ttftMs(turn))
    if (isUnfinished(turn)) this.#turn.atLeast++
    if (isSilent(turn)) this.#ttft.atLeast++
  }

  addAnswered(turnMs: number, ttftMs: number): void {
    this.ended++
    this.#completed++
    this.#turn.add(turnMs)
    this.#ttft.add(ttftMs)
  }

  /** As `addAnswered` of so many more, with which all come to these sums; `countAs` has still to say where their times lie. */
  sumAnswered(count: number, sums: Float64Array): void {
    this.ended += count
    this.#completed += count
    this.#turn.sum = sums[answeredSums.turnMs]!
    this.#ttft.sum = sums[answeredSums.ttftMs]!
  }

  /** The times so far are those that somebody else has counted, too. */
  countAs(turn: Tally, ttft: Tally): void {
    this.#turn.countAs(turn)
    this.#ttft.countAs(ttft)
  }

  summary(): PartSummary {
    const [turn, ttft] = [this.#turn.dist(), this.#ttft.dist()]
    const errorRate = this.ended > 0 ? 1 - this.#completed / this.ended : 0
    const [low, high] = wilsonInterval(errorRate, this.ended)
    return {
      completed: this.#completed,
      ...(turn ? { turnMs: turn } : {}),
      ...(ttft ? { ttftMs: ttft } : {}),
      errorRate,
      metrics: {
        ...(turn ? { turn } : {}),
        ...(ttft ? { ttft } : {}),
        errors: { share: errorRate, low, high, count: this.ended },
      },
    }
  }
}

class RoughTimes {
  atLeast = 0
  sum = 0
  readonly #histogram = new Histogram()
  readonly #block = new Float64Array(blockTurns)
  #inBlock = 0
  #ms = NaN

  add(ms: number): void {
    this.#ms = ms
    this.#keep()
  }

  #keep(): void {
    this.#block[this.#inBlock++] = this.#ms
    if (this.#inBlock === blockTurns) this.#putAway()
  }

  countAs(tally: Tally): void {
    this.#histogram.merge(tally.histogram)
  }

  dist(): Dist | undefined {
    this.#putAway()
    const { count, max } = this.#histogram
    if (count === 0) return undefined
    const at = (p: number): number => Math.min(max, this.#histogram.quantile(p))
    return {
      mean: this.sum / count,
      p50: at(0.5),
      p90: at(0.9),
      p95: at(0.95),
      p99: at(0.99),
      max,
      count,
      censored: this.atLeast,
    }
  }

  #putAway(): void {
    if (this.#inBlock === 0) return
    const isFull = this.#inBlock === blockTurns
    const block = isFull ? this.#block : this.#block.subarray(0, this.#inBlock)
    this.sum = sumOf(block, this.sum)
    this.#histogram.addAll(block)
    this.#inBlock = 0
  }
}
