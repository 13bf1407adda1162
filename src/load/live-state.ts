import type { PhoneRecord } from '../result/phone-records.ts'
import { PhoneTally } from '../result/phone-tally.ts'
import type { MeasuredSink, TurnRecord } from '../result/records.ts'
import { ScriptTally } from '../result/script-tally.ts'
import type { ObjectiveResult } from '../result/summary.ts'
import { Histogram } from '../stats/histogram.ts'
import { isOnGolden, type MetricThreshold } from '../workload/metric-threshold.ts'
import { metrics } from '../workload/metrics.ts'
import type { Objective, Workload } from '../workload/workload.ts'
import { ObjectiveWatch } from './objective-watch.ts'
import type { LoadProgress } from './load-result.ts'

/** One instant of a run that goes on. Times are workload time; rates are of what happened since the last one. */
export interface LivePoint {
  readonly atMs: number
  /** Users who should be there, sessions a second, or calls by telephone that go on. */
  readonly level: number
  readonly inFlight: number
  readonly turnsPerSecond: number
  /** Of the last turns that ended, of calls only until the answer begins; absent before the first. */
  readonly turnP95Ms?: number
  /** Turns without an answer; of callers, calls that were lost. */
  readonly errorsPerSecond: number
}

export interface LiveUpdate {
  readonly point: LivePoint
  readonly untilMs: number
  readonly completed: number
  /** Turns; of callers, calls that found no channel, were dropped, given up or not taken. */
  readonly unanswered: number
  /** Over all turns and calls since the run began: the end may still change them. */
  readonly objectives: readonly ObjectiveResult[]
}

/** The provider tells its tool calls now and then: a call is judged by them when they must be there. */
const toolsKnownMs = 7000

/** So many looks make up the p95 that is shown. */
const looksInP95 = 10

/** Follows a run for those who watch it. What it says is for the eye; the summary is made of the records. */
export class LiveState {
  readonly #objectives: readonly Objective[]
  readonly #turns: ObjectiveWatch
  /** Of callers alone. */
  readonly #calls: PhoneTally | undefined
  /** The same, of what tools did in them: later. */
  readonly #tools: PhoneTally | undefined
  #lost = 0
  #untold: Readonly<PhoneRecord>[] = []
  readonly #thresholds: readonly MetricThreshold[]
  readonly #noted: ScriptTally
  #recent: Histogram[] = [new Histogram()]
  #last = { atMs: 0, completed: 0, unanswered: 0 }

  constructor(workload: Workload, { scripted = false }: { readonly scripted?: boolean } = {}) {
    this.#thresholds = scripted ? (workload.thresholds ?? []).filter((each) => !isOnGolden(each)) : []
    this.#noted = new ScriptTally(this.#thresholds)
    this.#objectives = workload.objectives
    this.#turns = new ObjectiveWatch(workload)
    const sinceItBegan = { warmupMs: 0, measuredMs: Infinity }
    const tally = (isWanted: boolean): PhoneTally | undefined =>
      workload.phone?.alone && isWanted ? new PhoneTally(workload, sinceItBegan) : undefined
    this.#calls = tally(true)
    this.#tools = tally(workload.objectives.some(({ metric }) => metric === 'integrations'))
  }

  ended(record: Parameters<MeasuredSink>[0]): void {
    switch (record.kind) {
      case 'turn':
        return this.#turnEnded(record)
      case 'phone':
        this.#calls?.add(record)
        if (record.ending !== 'completed' && record.ending !== 'escalated' && record.ending !== 'cut')
          this.#lost++
        if (this.#tools) this.#untold.push(record)
        return
      case 'tool':
        if (record.session >= 0) this.#tools?.tool(record)
        return
      case 'model':
        return
      default:
        if (this.#thresholds.length > 0) this.#noted.add(record)
    }
  }

  #turnEnded(turn: Readonly<TurnRecord>): void {
    this.#turns.ended(turn)
    this.#calls?.turn(turn)
    if (turn.outcome !== 'completed') return
    const untilMs = this.#calls ? turn.firstTokenAtMs : turn.endedAtMs
    if (!Number.isNaN(untilMs)) this.#recent.at(-1)!.add(untilMs - turn.sentAtMs)
  }

  look(progress: LoadProgress): LiveUpdate {
    const { atMs, untilMs, inFlight, completed, failed, rejected, abandoned } = progress
    this.#tellTools(atMs)
    const level = progress.onTheLine ?? progress.level
    const unanswered = this.#calls ? this.#lost : failed + rejected + abandoned
    const seconds = Math.max((atMs - this.#last.atMs) / 1000, 1e-3)
    const times = new Histogram()
    for (const each of this.#recent) times.merge(each)
    const point = {
      atMs,
      level,
      inFlight,
      turnsPerSecond: (completed - this.#last.completed) / seconds,
      errorsPerSecond: (unanswered - this.#last.unanswered) / seconds,
      ...(times.count > 0 ? { turnP95Ms: times.quantile(0.95) } : {}),
    }
    this.#last = { atMs, completed, unanswered }
    this.#recent = [...this.#recent.slice(1 - looksInP95), new Histogram()]
    return {
      point,
      untilMs,
      completed,
      unanswered,
      objectives: this.judged(),
    }
  }

  #tellTools(atMs: number): void {
    const isKnown = ({ endedAtMs }: Readonly<PhoneRecord>): boolean => endedAtMs < atMs - toolsKnownMs
    for (const call of this.#untold) if (isKnown(call)) this.#tools!.add(call)
    this.#untold = this.#untold.filter((call) => !isKnown(call))
  }

  /** Over what ended so far, in the order of the file, those of scripts after the others. */
  judged(): ObjectiveResult[] {
    const ofTurns = new Map(this.#turns.judge().map(({ objective, result }) => [objective, result]))
    const known = this.#objectives.flatMap((objective) => {
      const isOfCalls = metrics[objective.metric].per === 'call'
      const calls = objective.metric === 'integrations' ? this.#tools : this.#calls
      return ofTurns.get(objective) ?? (isOfCalls && calls ? [calls.judge(objective)] : [])
    })
    return [...known, ...this.#thresholds.map((threshold) => this.#noted.judge(threshold))]
  }
}
