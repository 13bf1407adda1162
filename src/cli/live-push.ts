import { clean } from '../report/clean.ts'
import { type LiveFigures, liveMetrics, type LiveTimes } from '../report/live-metrics.ts'
import type { Metric } from '../report/metrics.ts'
import { otlpRequest, type RunIdentity } from '../report/otlp.ts'
import type { LoadProgress } from '../load/run-load.ts'
import { inUnit, loadUnit } from '../result/load-words.ts'
import { hasLatency } from '../result/has-latency.ts'
import type { TurnRecord } from '../result/records.ts'
import { ttftMs, turnMs } from '../result/turn-values.ts'
import { Histogram } from '../stats/histogram.ts'
import type { Level } from '../workload/level.ts'
import type { Io } from './io.ts'
import { isUrl, type ReportOutput, sendReport, sendSeries } from './send-report.ts'

/** Between two pushes: what Prometheus scrapes and k6 sends at, or oftener. */
const everyMs = 3000

export interface LivePushOptions {
  readonly outputs: readonly ReportOutput[]
  readonly run: RunIdentity
  readonly level: Level
  /** Of the file, where the sessions are calls by telephone. */
  readonly phone?: object | undefined
  /** The wall clock. */
  readonly now: () => number
}

/** Sends how a run goes on to those who take numbers, every few seconds. What they do not take never stops the run. */
export class LivePush {
  readonly #options: LivePushOptions
  readonly #io: Io
  readonly #fromMs: number
  readonly #pushed: readonly ReportOutput[]
  readonly #sending = new Map<ReportOutput, Promise<void>>()
  readonly #failed = new Set<ReportOutput>()
  #turns = new Histogram()
  #firstTokens = new Histogram()
  #lastMs = -Infinity

  constructor(options: LivePushOptions, io: Io) {
    this.#options = options
    this.#io = io
    this.#fromMs = options.now()
    this.#pushed = options.outputs.filter(isPushed)
  }

  ended(turn: Readonly<TurnRecord>): void {
    if (this.#pushed.length === 0 || !hasLatency(turn)) return
    this.#turns.add(turnMs(turn))
    this.#firstTokens.add(ttftMs(turn))
  }

  show(progress: LoadProgress): void {
    const atMs = this.#options.now()
    if (this.#pushed.length === 0 || atMs < this.#lastMs + everyMs) return
    this.#lastMs = atMs
    const metrics = liveMetrics(this.#figures(progress))
    this.#turns = new Histogram()
    this.#firstTokens = new Histogram()
    for (const output of this.#pushed) {
      // Who is still busy with the last push misses one: numbers of now are worth more than a queue of old ones.
      if (this.#sending.has(output)) continue
      const sent = this.#send(output, metrics, atMs).finally(() => this.#sending.delete(output))
      this.#sending.set(output, sent)
    }
  }

  /** Resolves when nothing is on its way any more. */
  async close(): Promise<void> {
    await Promise.all(this.#sending.values())
  }

  async #send(output: ReportOutput, metrics: readonly Metric[], atMs: number): Promise<void> {
    const run = clean(this.#options.run)
    try {
      if (output.form === 'otlp')
        await sendReport(
          otlpRequest(metrics, run, { fromMs: this.#fromMs, atMs }),
          { 'content-type': 'application/json' },
          output.to,
        )
      else await sendSeries(metrics, run, atMs, output.to)
    } catch (error) {
      if (this.#failed.has(output)) return
      this.#failed.add(output)
      this.#io.note(`${output.form}: ${new URL(output.to).host} takes nothing (${(error as Error).message})`)
    }
  }

  #figures({ level, inFlight, completed, failed, rejected, abandoned }: LoadProgress): LiveFigures {
    const at = this.#options
    const [turns, firstTokens] = [timesOf(this.#turns), timesOf(this.#firstTokens)]
    return {
      level: inUnit(at, level),
      of: loadUnit(at),
      inFlight,
      turns: { completed, failed, rejected, abandoned },
      ...(turns ? { turnMs: turns } : {}),
      ...(firstTokens ? { ttftMs: firstTokens } : {}),
    }
  }
}

/** Whether an output follows a run while it goes on. */
export function isPushed({ form, to }: ReportOutput): boolean {
  return form === 'remote-write' || (form === 'otlp' && isUrl(to))
}

function timesOf(times: Histogram): LiveTimes | undefined {
  if (times.count === 0) return undefined
  return { p50: times.quantile(0.5), p95: times.quantile(0.95), p99: times.quantile(0.99) }
}
