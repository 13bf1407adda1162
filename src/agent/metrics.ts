import type { ApiErrorCode, StageTimings } from '../wire/session-api.ts'
import type { TurnReport } from './messages.ts'
import { MetricsText } from './metrics-text.ts'

export type TurnEnd = 'completed' | 'abandoned' | ApiErrorCode

/** What is true at the moment of the scrape. */
export interface Gauges {
  readonly inFlight: number
  readonly waiting: number
  readonly sessions: number
  readonly workerUtilisation: readonly number[]
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** Upper bounds in seconds, each about twice the one before. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80]

interface Histogram {
  readonly counts: number[]
  sum: number
  count: number
}

/** What the agent has counted since it began, as Prometheus text. */
export class Metrics {
  readonly #turns = new Map<TurnEnd, number>()
  readonly #stages = new Map<string, Histogram>()
  #modelCalls = 0
  #rateLimited = 0
  #toolCalls = 0
  #outputTokens = 0

  turnEnded(end: TurnEnd): void {
    this.#turns.set(end, (this.#turns.get(end) ?? 0) + 1)
  }

  /** What a worker did, also for a turn that came to nothing. */
  worked(report: TurnReport): void {
    this.#modelCalls += report.modelCalls
    this.#rateLimited += report.rateLimited
    this.#toolCalls += report.toolCalls
    this.#outputTokens += report.outputTokens
  }

  stages(timings: StageTimings): void {
    for (const [stage, ms] of Object.entries(timings) as [string, number][]) this.#observe(stage, ms / 1000)
  }

  text(gauges: Gauges): string {
    const text = new MetricsText()
    const turns = [...this.#turns].map(([end, count]) => `{outcome="${end}"} ${count}`)
    const busy = gauges.workerUtilisation.map((share, worker) => `{worker="${worker}"} ${share.toFixed(4)}`)
    text.samples('turns_total', 'counter', 'Turns by how they ended.', turns)
    text.value('turns_in_flight', 'gauge', 'Turns at work.', gauges.inFlight)
    text.value('turns_waiting', 'gauge', 'Turns in line.', gauges.waiting)
    text.value('sessions', 'gauge', 'Sessions remembered.', gauges.sessions)
    text.value('model_calls_total', 'counter', 'Model calls, rejected ones included.', this.#modelCalls)
    text.value('model_rate_limited_total', 'counter', 'Model calls answered with 429.', this.#rateLimited)
    text.value('tool_calls_total', 'counter', 'Tool calls.', this.#toolCalls)
    text.value('output_tokens_total', 'counter', 'Tokens that the model wrote.', this.#outputTokens)
    text.samples('stage_seconds', 'histogram', 'Time of completed turns by stage.', this.#histograms())
    const loopHelp = 'Busy share of each event loop since the last scrape.'
    text.samples('worker_event_loop_utilization', 'gauge', loopHelp, busy)
    text.value('process_cpu_seconds_total', 'counter', 'CPU time of the process.', gauges.cpuSeconds)
    text.value('process_resident_memory_bytes', 'gauge', 'Memory of the process.', gauges.rssBytes)
    return text.toString()
  }

  #observe(stage: string, seconds: number): void {
    let histogram = this.#stages.get(stage)
    if (!histogram) {
      histogram = { counts: bounds.map(() => 0), sum: 0, count: 0 }
      this.#stages.set(stage, histogram)
    }
    for (const [i, bound] of bounds.entries()) if (seconds <= bound) histogram.counts[i]!++
    histogram.sum += seconds
    histogram.count++
  }

  #histograms(): string[] {
    return [...this.#stages].flatMap(([stage, { counts, sum, count }]) => [
      ...bounds.map((bound, i) => `_bucket{stage="${stage}",le="${bound}"} ${counts[i]}`),
      `_bucket{stage="${stage}",le="+Inf"} ${count}`,
      `_sum{stage="${stage}"} ${sum}`,
      `_count{stage="${stage}"} ${count}`,
    ])
  }
}
