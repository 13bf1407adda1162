import type { EventQueue } from '../clock/event-queue.ts'
import { answeredSums, type AnsweredTurns } from '../result/answered-turns.ts'
import type { ErrorKind, Outcome, RecordSink } from '../result/records.ts'
import type { SeriesPoint, TurnCounts } from '../result/summary.ts'
import { termsOf } from '../workload/provider-quota.ts'
import type { Workload } from '../workload/workload.ts'
import { type Clients, parts } from './clients.ts'
import { emptyCall, emptyTurn } from './empty-records.ts'
import { Gauge, type Stretch } from './gauge.ts'
import { SeriesBucket } from './series-bucket.ts'
import { TimeAverage } from './time-average.ts'

const queuePart = parts.indexOf('queue')
const modelPart = parts.indexOf('model')

/** What is counted: from the end of the warm-up to the end of the run. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/** What the simulation hands out: records as they happen, and what records cannot tell. */
export class Meter {
  readonly window: Window
  readonly clock: EventQueue
  /** Filled by whoever tells of a call, then handed to `tellCall`. */
  readonly call = emptyCall()
  /** Whether it was answered, and to the user: steps before the last one speak to tools. */
  callAnswersUser = false
  readonly callsInFlight: TimeAverage
  readonly series: SeriesPoint[] = []
  readonly partMs = new Float64Array(parts.length)
  partTurns = 0
  /** What calls (at their first try, within the window) ask of each limit, by model and term of its quota. */
  readonly asked: readonly Float64Array[]
  /** Sessions that are there. */
  readonly users: Gauge
  /** Turns that the agent has not ended; those in line for a slot among them. */
  readonly turnsInFlight: Gauge
  readonly waiting: Gauge
  /** Sessions begun and ended within the window. */
  sessionsStarted = 0
  sessionsEnded = 0
  readonly #calls: Gauge
  readonly #turn = emptyTurn()
  readonly #tell: RecordSink
  readonly #bucket = new SeriesBucket()
  readonly #ended: Record<Outcome, number> = { completed: 0, failed: 0, abandoned: 0, rejected: 0 }
  #started = 0
  #inFlightAtStart = 0

  constructor(clock: EventQueue, window: Window, workload: Workload, tell: RecordSink) {
    this.clock = clock
    this.window = window
    this.callsInFlight = new TimeAverage(clock, window)
    this.users = new Gauge(clock)
    this.waiting = new Gauge(clock)
    this.#calls = new Gauge(clock)
    this.turnsInFlight = new Gauge(clock)
    this.asked = workload.models.map(({ quota }) => new Float64Array(quota ? termsOf(quota).length : 0))
    this.#tell = tell
  }

  /** Whether what happens now counts. */
  get isMeasuring(): boolean {
    return this.clock.atMs >= this.window.fromMs
  }

  sessionStarted(): void {
    if (this.isMeasuring) this.sessionsStarted++
  }

  sessionEnded(): void {
    if (this.isMeasuring) this.sessionsEnded++
  }

  /** A turn has begun at the agent. */
  turnStarted(): void {
    this.turnsInFlight.add(1)
    if (this.isMeasuring) this.#started++
    else this.#inFlightAtStart++
  }

  /** Turns have begun, so many of them within the window. */
  turnsStarted(count: number, within: number): void {
    this.#started += within
    this.#inFlightAtStart += count - within
  }

  /** It has ended at its `endedAtMs`. */
  turnEnded(
    clients: Clients,
    client: number,
    tokens: number,
    outcome: Outcome,
    errorKind: ErrorKind,
    status: number,
  ): void {
    const atMs = clients.endedAtMs[client]!
    this.turnsInFlight.add(-1)
    if (atMs >= this.window.fromMs) {
      this.#ended[outcome]++
      if (outcome !== 'rejected') this.#countParts(clients, client)
    } else this.#inFlightAtStart--
    const record = this.#turn
    record.session = clients.session[client]!
    record.turn = clients.turn[client]!
    record.scenario = clients.scenario[client]!
    record.intendedAtMs = clients.intendedAtMs[client]!
    record.sentAtMs = clients.sentAtMs[client]!
    record.firstTokenAtMs = clients.firstSeenAtMs[client]!
    record.endedAtMs = atMs
    record.tokens = tokens
    record.outcome = outcome
    record.errorKind = errorKind
    record.status = status
    this.#bucket.ended(record)
    this.#tell(record)
  }

  /** Turns were answered that waited in line and then for one model call, and for nothing else. */
  answered(turns: AnsweredTurns): void {
    const { first, length: count, sums } = turns
    this.#inFlightAtStart -= first
    this.#ended.completed += count - first
    this.partTurns += count - first
    this.partMs[queuePart] = sums[answeredSums.beforeMs]!
    this.partMs[modelPart] = sums[answeredSums.callMs]!
    this.#bucket.answered(turns.times(0))
  }

  /** A model call is in flight. */
  callStarted(): void {
    this.callsInFlight.add(1)
    this.#calls.add(1)
  }

  callEnded(): void {
    this.callsInFlight.add(-1)
    this.#calls.add(-1)
  }

  /** Tells of the call that `call` describes. */
  tellCall(): void {
    if (this.call.errorKind === 'rate_limited') this.#bucket.rateLimited()
    this.#tell(this.call)
  }

  /** `quota` is the share in use of the fullest one. */
  closeBucket(atMs: number, quota: Stretch | undefined): void {
    const waiting = this.waiting.read(atMs)
    const calls = this.#calls.read(atMs)
    const turns = this.turnsInFlight.read(atMs)
    this.series.push({
      ...this.#bucket.close(atMs, this.users.read(atMs).mean),
      turnsInFlight: turns.mean,
      waiting: waiting.mean,
      callsInFlight: calls.mean,
      ...(quota ? { quotaUsed: quota.mean } : {}),
      highest: {
        turnsInFlight: turns.highest,
        waiting: waiting.highest,
        callsInFlight: calls.highest,
        ...(quota ? { quotaUsed: quota.highest } : {}),
      },
    })
  }

  /** Of the window; they close whatever happened. */
  turnCounts(): TurnCounts {
    const measuredMs = this.window.toMs - this.window.fromMs
    return {
      inFlightAtStart: this.#inFlightAtStart,
      started: this.#started,
      ...this.#ended,
      inFlightAtEnd: this.turnsInFlight.level,
      perSecond: (this.#ended.completed / measuredMs) * 1000,
    }
  }

  #countParts(clients: Clients, client: number): void {
    this.partTurns++
    for (let part = 0; part < parts.length; part++) this.partMs[part]! += clients.partMs[client + part]!
  }
}
