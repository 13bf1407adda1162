import type { Level } from '../workload/level.ts'
import type { Objective, Workload } from '../workload/workload.ts'
import { Samples } from './samples.ts'
import type { CallRecord, TurnRecord } from './records.ts'
import type { AssumedField, Dist, ObjectiveResult, Summary, SummaryOrigin } from './summary.ts'
import { version } from './version.ts'

export interface SummarizerOptions {
  readonly workload: Workload
  readonly origin: SummaryOrigin
  readonly level: Level
  readonly seed?: number
  readonly speed: number
  readonly window: { readonly warmupMs: number; readonly measuredMs: number }
  readonly runId: string
}

export interface Summarizer {
  add(record: Readonly<TurnRecord | CallRecord>): void
  interToken(ms: number, count: number): void
  finish(extra: Partial<Summary>): Summary
}

interface TurnCalls {
  calls: number
  attempts: number
  depth: number
  modelMs: number
  toolMs: number
  retryWaitMs: number
  firstAtMs: number
  lastAtMs: number
  coveredMs: number
  lastRejectedAtMs: number
}

export function createSummarizer(options: SummarizerOptions): Summarizer {
  return new RunningSummary(options)
}

class RunningSummary implements Summarizer {
  readonly #o: SummarizerOptions
  readonly #from: number
  readonly #to: number
  readonly #turn = new Samples()
  readonly #ttft = new Samples()
  readonly #intended = new Samples()
  readonly #gaps = new Samples()
  readonly #perTurn = new Samples()
  readonly #call = new Samples()
  readonly #before = new Samples()
  readonly #between = new Samples()
  readonly #after = new Samples()
  readonly #retry = new Samples()
  readonly #open = new Map<number, TurnCalls>()
  readonly #counts = { inFlightAtStart: 0, started: 0, completed: 0, failed: 0, abandoned: 0, rejected: 0 }
  readonly #byKind: Record<string, number> = {}
  readonly #joined = { id: 0, trace: 0, text: 0, none: 0 }
  readonly #scenarios: { turn: Samples; ttft: Samples; ended: number; completed: number }[]
  readonly #tokens = { input: 0, cachedInput: 0, output: 0 }
  #callsStarted = 0
  #callMs = 0
  #model = 0
  #tool = 0
  #retryWait = 0
  #own = 0
  #depthIntended = 0
  #depthObserved = 0
  #depthTurns = 0
  #cut = 0

  constructor(options: SummarizerOptions) {
    this.#o = options
    this.#from = options.window.warmupMs
    this.#to = this.#from + options.window.measuredMs
    this.#scenarios = options.workload.scenarios.map(() => ({
      turn: new Samples(),
      ttft: new Samples(),
      ended: 0,
      completed: 0,
    }))
  }

  add(record: Readonly<TurnRecord | CallRecord>): void {
    if (record.kind === 'turn') this.#addTurn(record)
    else this.#addCall(record)
  }

  interToken(ms: number, count: number): void {
    for (let i = 0; i < count; i++) this.#gaps.add(ms)
  }

  #addCall(call: Readonly<CallRecord>): void {
    const overlap = Math.min(call.endedAtMs, this.#to) - Math.max(call.sentAtMs, this.#from)
    if (call.kind === 'model') {
      if (overlap > 0) this.#callMs += overlap
      if (this.#within(call.sentAtMs)) this.#callsStarted++
      if (this.#within(call.endedAtMs)) {
        this.#joined[call.joinedBy]++
        if (call.outcome !== 'rejected') {
          this.#call.add(call.endedAtMs - call.sentAtMs)
          this.#tokens.input += call.inputTokens
          this.#tokens.cachedInput += call.cachedTokens
          this.#tokens.output += call.outputTokens
        }
      }
    }
    if (call.session < 0) return
    const key = call.session * 65_536 + call.turn
    let turn = this.#open.get(key)
    if (!turn) {
      turn = {
        calls: 0,
        attempts: 0,
        depth: 0,
        modelMs: 0,
        toolMs: 0,
        retryWaitMs: 0,
        firstAtMs: call.sentAtMs,
        lastAtMs: call.sentAtMs,
        coveredMs: 0,
        lastRejectedAtMs: NaN,
      }
      this.#open.set(key, turn)
    }
    if (!Number.isNaN(turn.lastRejectedAtMs) && call.kind === 'model') {
      turn.retryWaitMs += call.sentAtMs - turn.lastRejectedAtMs
      turn.lastRejectedAtMs = NaN
    }
    const fresh = Math.max(0, call.endedAtMs - Math.max(call.sentAtMs, turn.lastAtMs))
    turn.coveredMs += fresh
    turn.firstAtMs = Math.min(turn.firstAtMs, call.sentAtMs)
    turn.lastAtMs = Math.max(turn.lastAtMs, call.endedAtMs)
    if (call.kind === 'tool') turn.toolMs += fresh
    else if (call.outcome === 'rejected') turn.lastRejectedAtMs = call.endedAtMs
    else {
      turn.modelMs += fresh
      turn.calls++
      turn.depth = call.depth
    }
    if (call.kind === 'model') turn.attempts++
  }

  #addTurn(turn: Readonly<TurnRecord>): void {
    const key = turn.session * 65_536 + turn.turn
    const calls = this.#open.get(key)
    this.#open.delete(key)
    if (this.#within(turn.sentAtMs)) this.#counts.started++
    else if (turn.sentAtMs < this.#from && turn.endedAtMs >= this.#from) this.#counts.inFlightAtStart++
    if (!this.#within(turn.endedAtMs)) return
    this.#counts[turn.outcome]++
    const scenario = this.#scenarios[turn.scenario]!
    scenario.ended++
    if (turn.outcome !== 'completed') this.#byKind[turn.errorKind] = (this.#byKind[turn.errorKind] ?? 0) + 1
    if (turn.outcome === 'completed' || turn.outcome === 'abandoned') {
      const took = turn.endedAtMs - turn.sentAtMs
      this.#turn.add(took)
      this.#intended.add(turn.endedAtMs - turn.intendedAtMs)
      scenario.turn.add(took)
      if (turn.outcome === 'abandoned') this.#turn.censored++
      const first = Number.isNaN(turn.firstTokenAtMs) ? turn.endedAtMs : turn.firstTokenAtMs
      if (Number.isNaN(turn.firstTokenAtMs)) this.#ttft.censored++
      this.#ttft.add(first - turn.sentAtMs)
      scenario.ttft.add(first - turn.sentAtMs)
    }
    if (turn.outcome === 'completed') scenario.completed++
    if (!calls) return
    this.#perTurn.add(calls.calls)
    this.#retry.add(calls.retryWaitMs)
    this.#before.add(Math.max(0, calls.firstAtMs - turn.sentAtMs))
    this.#after.add(Math.max(0, turn.endedAtMs - calls.lastAtMs))
    const between = calls.lastAtMs - calls.firstAtMs - calls.coveredMs - calls.retryWaitMs
    this.#between.add(Math.max(0, between))
    this.#model += calls.modelMs
    this.#tool += calls.toolMs
    this.#retryWait += calls.retryWaitMs
    this.#own += turn.endedAtMs - turn.sentAtMs - calls.modelMs - calls.toolMs - calls.retryWaitMs
    if (calls.depth > 0 && turn.outcome === 'completed') {
      this.#depthTurns++
      this.#depthIntended += calls.depth
      this.#depthObserved += calls.calls
      if (calls.calls < calls.depth) this.#cut++
    }
  }

  finish(extra: Partial<Summary>): Summary {
    const o = this.#o
    const c = this.#counts
    const seconds = o.window.measuredMs / 1000
    const ended = c.completed + c.failed + c.abandoned + c.rejected
    const errorRate = ended > 0 ? (ended - c.completed) / ended : 0
    const turns = Math.max(1, this.#perTurn.count)
    return {
      format: 1,
      runId: o.runId,
      version,
      origin: o.origin,
      workload: { name: o.workload.name, hash: o.workload.hash },
      ...(o.seed === undefined ? {} : { seed: o.seed }),
      speed: o.speed,
      level: o.level,
      window: o.window,
      turns: { ...c, inFlightAtEnd: c.inFlightAtStart + c.started - ended, perSecond: c.completed / seconds },
      latency: dists({
        turnMs: this.#turn,
        ttftMs: this.#ttft,
        interTokenMs: this.#gaps,
        intendedTurnMs: this.#intended,
      }),
      ownTime: dists({
        beforeMs: this.#before,
        betweenMs: this.#between,
        afterMs: this.#after,
        retryWaitMs: this.#retry,
      }),
      calls: {
        ...dists({ perTurn: this.#perTurn, latencyMs: this.#call }),
        perSecond: this.#callsStarted / seconds,
        inFlight: { mean: this.#callMs / o.window.measuredMs },
        ...(this.#depthTurns > 0
          ? {
              depth: {
                intended: this.#depthIntended / this.#depthTurns,
                observed: this.#depthObserved / this.#depthTurns,
                cut: this.#cut,
              },
            }
          : {}),
      },
      joined: this.#joined,
      assumed: this.#assumed(),
      tokens: { ...this.#tokens, perSecond: (this.#tokens.input + this.#tokens.output) / seconds },
      errors: { rate: errorRate, byKind: this.#byKind },
      objectives: o.workload.objectives.map((objective) => this.#objective(objective, errorRate, ended)),
      turnTime: [
        { part: 'agent', meanMs: this.#own / turns },
        { part: 'model', meanMs: this.#model / turns },
        { part: 'tools', meanMs: this.#tool / turns },
        { part: 'retry wait', meanMs: this.#retryWait / turns },
      ],
      ...extra,
    }
  }

  #assumed(): AssumedField[] {
    return []
  }

  #objective(objective: Objective, errorRate: number, ended: number): ObjectiveResult {
    const { text, metric, statistic, limit } = objective
    if (metric === 'errors') {
      const n = Math.max(1, ended)
      const half = 1.96 * Math.sqrt((errorRate * (1 - errorRate)) / n + 1 / (n * n))
      const low = Math.max(0, errorRate - half)
      const high = Math.min(1, errorRate + half)
      return {
        text,
        value: errorRate,
        low,
        high,
        exceeded: { share: errorRate, low, high, allowed: limit, effectiveCount: n },
        pass: errorRate < limit,
      }
    }
    const samples = metric === 'itl' ? this.#gaps : metric === 'ttft' ? this.#ttft : this.#turn
    if (samples.count === 0) return { text, pass: 'undecided' }
    if (statistic.kind !== 'percentile') return { text, value: samples.mean, pass: samples.mean < limit }
    const value = samples.quantile(statistic.share)
    const { share, low, high, effectiveCount } = samples.exceedance(limit)
    return {
      text,
      value,
      exceeded: { share, low, high, allowed: 1 - statistic.share, effectiveCount },
      pass: share <= 1 - statistic.share,
    }
  }

  #within(atMs: number): boolean {
    return atMs >= this.#from && atMs < this.#to
  }
}

function dists<K extends string>(samples: Readonly<Record<K, Samples>>): Partial<Record<K, Dist>> {
  const known: Partial<Record<K, Dist>> = {}
  for (const [name, values] of Object.entries(samples) as [K, Samples][]) {
    const dist = values.dist()
    if (dist) known[name] = dist
  }
  return known
}
