import type { MeasuredWindow } from './measured-window.ts'
import type { Interval } from '../stats/interval.ts'
import { meanInterval } from '../stats/mean-interval.ts'
import { Tally } from '../stats/tally.ts'
import { followsDay, type Level } from '../workload/level.ts'
import { metrics } from '../workload/metrics.ts'
import type { Objective, Workload } from '../workload/workload.ts'
import type { AnsweredTurns } from './answered-turns.ts'
import { byName } from './by-name.ts'
import { CallTally } from './call-tally.ts'
import { costAt, tokensUsd } from './cost.ts'
import { distsOf } from './dist.ts'
import { GapParts } from './gap-parts.ts'
import type { TurnPlace } from './good-turns.ts'
import { RefusalTally } from './refusal-tally.ts'
import { type EndedSession, EndedSessions } from './ended-sessions.ts'
import type { CallRecord, JoinedBy, TurnRecord } from './records.ts'
import type { PhoneRecord } from './phone-records.ts'
import type { PhoneSummary } from './phone-summary.ts'
import { PhoneTally } from './phone-tally.ts'
import type { ObjectiveResult, Summary, SummaryOrigin } from './summary.ts'
import { latencyOf } from './latency-of.ts'
import { OpenTurns } from './open-turns.ts'
import { OwnTime } from './own-time.ts'
import type { TurnCalls } from './turn-calls.ts'
import { type SpeechWaits, TurnTime } from './turn-time.ts'
import { TurnParts } from './turn-parts.ts'
import { version } from './version.ts'

/** What a summary says of its run besides its records, and the window that they are summed up over. */
export interface SummarizerOptions {
  readonly workload: Workload
  readonly origin: SummaryOrigin
  readonly level: Level
  readonly seed?: number
  readonly speed: number
  readonly window: MeasuredWindow
  readonly runId: string
  /** Sessions are calls by telephone. */
  readonly calls?: boolean
  /** Known where the speech services are played. */
  readonly speech?: SpeechWaits
  /** Nobody saw what is behind the agent: no call is told of, and none does not mean that there were none. */
  readonly callsUnseen?: boolean
  /** The level moves, and is the highest. */
  readonly stages?: boolean
}

/** Records in, one Summary out; in bounded memory, however long the run. */
export interface Summarizer {
  /** The calls of a turn come before the turn itself, which comes when it has ended. */
  add(record: Readonly<TurnRecord | CallRecord>): void
  /**
   * As `add` of the call and the turn of each, at a fraction of the cost. All turns of a run come so, from one `AnsweredTurns` of
   * the same window: its sums stand for what was added before. Who tells so knows how many calls were in flight.
   */
  answered(turns: AnsweredTurns): void
  /** So many tokens reached the user this long after the one before, in this turn where it is known. */
  interToken(ms: number, count: number, of?: Readonly<TurnPlace>): void
  /** The user saw this answer come, of two tokens or more, at one pace. */
  paced(call: Readonly<CallRecord>): void
  /** A session that ended within the window. */
  session(ended: Readonly<EndedSession>): void
  /** A call by telephone, after its turns. */
  phone(call: Readonly<PhoneRecord>): void
  /** `extra` holds what records cannot tell, and wins; so do the frames that callers sent. */
  finish(extra: Partial<Summary>, frames?: PhoneSummary['frames']): Summary
}

/** A summarizer of one run, to which every record is told as it comes. */
export function createSummarizer(options: SummarizerOptions): Summarizer {
  return new RunningSummary(options)
}

/** Bins of the window whose completions give the interval of the throughput. */
const throughputBins = 20

class RunningSummary implements Summarizer {
  readonly #options: SummarizerOptions
  readonly #fromMs: number
  readonly #toMs: number
  readonly #parts: TurnParts
  readonly #models: readonly CallTally[]
  readonly #tools: readonly CallTally[]
  readonly #gaps: GapParts
  readonly #sessions: EndedSessions
  readonly #phone: PhoneTally | undefined
  readonly #refusals = new RefusalTally()
  readonly #open = new OpenTurns()
  readonly #joined: Record<JoinedBy, number> = { id: 0, trace: 0, text: 0, none: 0 }
  readonly #callLatency: Tally
  readonly #perTurn = new Tally()
  readonly #ownTime: OwnTime
  readonly #time: TurnTime
  readonly #depth = { turns: 0, intended: 0, observed: 0, cut: 0, beside: 0 }
  readonly #completions = new Float64Array(throughputBins)
  #inFlightAtStart = 0
  #started = 0
  #callMs = 0
  #callsEnded = 0
  #retries = 0
  readonly #faults = { turns: 0, failedTurns: 0, byName: new Map<string, number>() }

  constructor(options: SummarizerOptions) {
    const { window, workload } = options
    this.#options = options
    this.#fromMs = window.warmupMs
    this.#toMs = window.warmupMs + window.measuredMs
    this.#parts = new TurnParts(workload, options.origin === 'measured', options.origin === 'simulated')
    this.#models = workload.models.map(() => new CallTally())
    // The only model's latency is that of all calls.
    this.#callLatency = this.#models.length === 1 ? this.#models[0]!.latency : new Tally()
    this.#tools = workload.tools.map(() => new CallTally())
    this.#gaps = new GapParts(workload)
    this.#sessions = new EndedSessions(workload.objectives)
    this.#time = new TurnTime(options.calls === true, options.speech)
    this.#ownTime = new OwnTime(options.calls === true)
    this.#phone = options.calls ? new PhoneTally(workload, window) : undefined
  }

  add(record: Readonly<TurnRecord | CallRecord>): void {
    if (record.kind === 'turn') this.#addTurn(record)
    else this.#addCall(record)
  }

  interToken(ms: number, count: number, of?: Readonly<TurnPlace>): void {
    this.#gaps.add(ms, count, of)
  }

  paced(call: Readonly<CallRecord>): void {
    this.#gaps.all.addPaced(call)
  }

  session(ended: Readonly<EndedSession>): void {
    this.#sessions.add(ended)
  }

  #addCall(call: Readonly<CallRecord>): void {
    const ended = this.#isWithin(call.endedAtMs)
    const { fault } = call
    if (ended && fault !== undefined) {
      const { byName } = this.#faults
      byName.set(fault, (byName.get(fault) ?? 0) + 1)
    }
    if (call.kind === 'model') {
      this.#callMs += Math.max(
        0,
        Math.min(call.endedAtMs, this.#toMs) - Math.max(call.sentAtMs, this.#fromMs),
      )
      if (ended) {
        this.#callsEnded++
        this.#joined[call.joinedBy]++
        this.#models[call.service]?.add(call)
        if (call.outcome !== 'rejected' && this.#models.length > 1)
          this.#callLatency.add(call.endedAtMs - call.sentAtMs)
      }
    } else if (ended) this.#tools[call.service]?.add(call)
    if (call.kind === 'tool' && call.session >= 0) this.#phone?.tool(call)
    if (call.session >= 0) this.#open.of(call.session, call.turn).add(call)
  }

  #addTurn(turn: Readonly<TurnRecord>): void {
    const calls = this.#open.take(turn.session, turn.turn)
    this.#phone?.turn(turn)
    if (this.#isWithin(turn.sentAtMs)) this.#started++
    else if (turn.sentAtMs < this.#fromMs && turn.endedAtMs >= this.#fromMs) this.#inFlightAtStart++
    if (!this.#isWithin(turn.endedAtMs)) return
    this.#parts.add(turn)
    this.#refusals.add(turn)
    if (turn.outcome === 'completed') this.#completions[this.#binOf(turn)]!++
    if (calls) this.#addParts(turn, calls)
  }

  answered(turns: AnsweredTurns): void {
    const { first, length, sentBefore, sums } = turns
    if (first === length) return
    const times = turns.times(first)
    this.#started += length - first - sentBefore
    this.#inFlightAtStart += sentBefore
    this.#parts.addAnswered(turns, times)
    if (this.#models.length === 1) this.#models[0]!.addAnswered(turns, times)
    else
      for (let i = first; i < length; i++) {
        this.#models[turns.model[i]!]!.add(turns.callAt(i))
        this.#callLatency.add(times.callMs[i - first]!)
      }
    this.#callsEnded += length - first
    this.#joined.id += length - first
    this.#ownTime.addAnswered(times.beforeMs)
    this.#depth.turns += length - first
    this.#depth.intended += length - first
    this.#depth.observed += length - first
    this.#time.plain(sums)
    this.#addCompletions(turns, first)
    this.#perTurn.addSame(1, length - first)
  }

  #addCompletions(turns: AnsweredTurns, first: number): void {
    const { length } = turns
    const bin = this.#binOf(turns.turnAt(first))
    const last = this.#binOf(turns.turnAt(length - 1))
    // As a rule all are in one.
    if (bin === last) this.#completions[bin]! += length - first
    else for (let i = first; i < length; i++) this.#completions[this.#binOf(turns.turnAt(i))]!++
  }

  #addParts(turn: Readonly<TurnRecord>, calls: TurnCalls): void {
    this.#ownTime.add(turn, calls)
    this.#time.add(turn, calls)
    this.#perTurn.add(calls.calls)
    this.#retries += calls.retries
    if (calls.faults > 0) this.#faults.turns++
    if (calls.faults > 0 && turn.outcome !== 'completed') this.#faults.failedTurns++
    if (turn.outcome !== 'completed' || calls.depth === 0) return
    this.#depth.turns++
    this.#depth.intended += calls.depth
    this.#depth.observed += calls.steps
    this.#depth.beside += calls.beside
    if (calls.steps < calls.depth) this.#depth.cut++
  }

  phone(call: Readonly<PhoneRecord>): void {
    this.#phone?.add(call)
  }

  finish(extra: Partial<Summary>, frames?: PhoneSummary['frames']): Summary {
    const { workload, origin, level, seed, speed, window, runId, stages } = this.#options
    const seconds = window.measuredMs / 1000
    const { all } = this.#parts
    const { counts } = all
    const parts = this.#parts.summary(this.#gaps)
    const perSecond = counts.completed / seconds
    const behind = this.#options.callsUnseen ? {} : this.#behindAgent(seconds, perSecond)
    return {
      format: 1,
      runId,
      version,
      origin,
      workload: { name: workload.name, hash: workload.hash },
      ...(seed === undefined ? {} : { seed }),
      speed,
      level,
      ...(stages ? { stages } : {}),
      window,
      latency: latencyOf(parts.all?.metrics),
      ...behind,
      ...parts,
      ...this.#goodput(seconds),
      ...this.#refusals.summary(),
      ...this.#injected(),
      errors: { rate: all.errors().share, byKind: all.byKind },
      objectives: workload.objectives.map((objective) => this.#judge(objective)),
      ...this.#turnTime(),
      ...(this.#phone ? { phone: this.#phone.summary(frames ? { frames } : {}) } : {}),
      ...extra,
      ...this.#sessions.summary(extra.sessions),
      turns: {
        inFlightAtStart: this.#inFlightAtStart,
        started: this.#started,
        ...counts,
        inFlightAtEnd: this.#inFlightAtStart + this.#started - all.ended,
        perSecond,
        ...extra.turns,
        ...this.#throughputInterval(seconds),
      },
    }
  }

  /** What only those tell who see the agent's calls. */
  #behindAgent(seconds: number, turnsPerSecond: number): Partial<Summary> {
    const { workload, level, stages, window } = this.#options
    const perTurnUsd = this.#usdPerTurn()
    return {
      ownTime: this.#ownTime.summary(),
      calls: this.#calls(seconds),
      models: byName(
        workload.models,
        ({ key }) => key,
        (i) => this.#models[i]!.summary(seconds, 'model'),
      ),
      ...(workload.tools.length > 0
        ? {
            tools: byName(
              workload.tools,
              ({ name }) => name,
              (i) => this.#tools[i]!.summary(seconds, 'tool'),
            ),
          }
        : {}),
      joined: this.#joined,
      tokens: this.#tokens(seconds),
      // Of a level that moves there is no month.
      ...(stages
        ? perTurnUsd !== undefined && { cost: { perTurnUsd } }
        : costAt(workload, level, perTurnUsd, turnsPerSecond, window)),
    }
  }

  #calls(seconds: number): NonNullable<Summary['calls']> {
    const { turns, intended, observed, cut, beside } = this.#depth
    return {
      ...distsOf({ perTurn: this.#perTurn, latencyMs: this.#callLatency }),
      perSecond: this.#callsEnded / seconds,
      inFlight: { mean: this.#callMs / this.#options.window.measuredMs },
      ...(this.#perTurn.count > 0 ? { retriesPerTurn: this.#retries / this.#perTurn.count } : {}),
      ...(turns > 0
        ? {
            depth: {
              intended: intended / turns,
              observed: observed / turns,
              cut,
              ...(beside > 0 ? { beside: beside / turns } : {}),
            },
          }
        : {}),
    }
  }

  #tokens(seconds: number): NonNullable<Summary['tokens']> {
    const total = { input: 0, cachedInput: 0, output: 0 }
    for (const { tokens } of this.#models) {
      total.input += tokens.input
      total.cachedInput += tokens.cachedInput
      total.output += tokens.output
    }
    return { ...total, perSecond: (total.input + total.output) / seconds }
  }

  /** Absent when a model that was called has no price. */
  #usdPerTurn(): number | undefined {
    let usd = 0
    for (const [i, { answered, tokens }] of this.#models.entries()) {
      if (answered === 0) continue
      const { price } = this.#options.workload.models[i]!
      if (!price) return undefined
      usd += tokensUsd(price, tokens)
    }
    const { completed } = this.#parts.all.counts
    return completed > 0 ? usd / completed : undefined
  }

  #injected(): Pick<Summary, 'faults'> {
    const { byName, turns, failedTurns } = this.#faults
    return byName.size > 0 ? { faults: { byName: Object.fromEntries(byName), turns, failedTurns } } : {}
  }

  #turnTime(): Pick<Summary, 'turnTime'> {
    const turns = this.#perTurn.count
    if (turns === 0) return {}
    return { turnTime: this.#time.parts(turns) }
  }

  #judge(objective: Objective): ObjectiveResult {
    const judges = {
      token: this.#gaps,
      turn: this.#parts,
      session: this.#sessions,
      call: this.#phone ?? this.#sessions,
    }
    const judge = judges[metrics[objective.metric].per]
    return judge?.judge(objective) ?? { text: objective.text, metric: objective.metric, pass: 'undecided' }
  }

  #goodput(seconds: number): Pick<Summary, 'goodput'> {
    const { good, all } = this.#parts
    const share = all.share('goodput')
    if (!share) return {}
    const turnsPerSecond = (share.share * share.count) / seconds
    return { goodput: { ...share, turnsPerSecond, limits: good.texts } }
  }

  #throughputInterval(seconds: number): { perSecondCi95?: Interval } {
    const { level, stages, workload } = this.#options
    // Bins of a load that moves differ by what was asked, not by chance.
    if (stages || followsDay(workload, level)) return {}
    if (this.#parts.all.counts.completed < 5 * throughputBins) return {}
    const [low, high] = meanInterval(this.#completions.map((count) => (count * throughputBins) / seconds))
    // Answers in a few bursts make it wide: no rate is below zero.
    return { perSecondCi95: [Math.max(0, low), high] }
  }

  #binOf({ endedAtMs }: Readonly<TurnRecord>): number {
    const share = (endedAtMs - this.#fromMs) / (this.#toMs - this.#fromMs)
    return Math.min(throughputBins - 1, Math.floor(share * throughputBins))
  }

  #isWithin(atMs: number): boolean {
    return atMs >= this.#fromMs && atMs < this.#toMs
  }
}
