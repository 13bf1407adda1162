import { Tally } from '../stats/tally.ts'
import type { AnsweredTimes } from './answered-turns.ts'
import type { Share } from '../stats/tally.ts'
import type { MetricName, TurnMetricName } from '../workload/metrics.ts'
import type { Objective } from '../workload/workload.ts'
import { distOf } from './dist.ts'
import { hasLatency } from './has-latency.ts'
import { judgeShare, judgeTimes, restOf } from './judge.ts'
import type { Outcome, TurnRecord } from './records.ts'
import type { Dist, MetricValues, ObjectiveResult, PartSummary, ShareValue } from './summary.ts'
import {
  everyTurnMetric,
  intendedMs,
  isSilent,
  isUnfinished,
  ttftMs,
  turnMs,
  type TurnValue,
  turnValues,
} from './turn-values.ts'

class Kept {
  readonly name: TurnMetricName
  readonly value: TurnValue
  readonly limits: readonly number[]
  tally: Tally
  atLeast = 0

  constructor(name: TurnMetricName, limits: readonly number[]) {
    this.name = name
    this.value = turnValues[name]
    this.limits = limits
    this.tally = new Tally(limits)
  }
}

/** Turns that ended within the window: all of them, or those of a part. */
export class EndedTurns {
  readonly counts: Record<Outcome, number> = { completed: 0, failed: 0, abandoned: 0, rejected: 0 }
  readonly byKind: Record<string, number> = {}
  readonly #kept: readonly Kept[]
  /** The three of every part, and what is kept besides. */
  readonly #turn: Kept | undefined
  readonly #ttft: Kept | undefined
  readonly #intended: Kept | undefined
  readonly #more: readonly Kept[]
  readonly #tellsGood: boolean
  readonly #isOnTime: boolean
  /** 0 and 1, in the order of the turns. */
  readonly #unanswered = new Tally([0])
  readonly #bad = new Tally([0])
  readonly #refused = new Tally([0])

  /**
   * The limits of `objectives` stay exact, however many turns there are; of other metrics nothing is kept. Where every
   * turn `isOnTime`, sent when it was intended, the one time stands for the other.
   */
  constructor(
    objectives: readonly Objective[],
    metrics: readonly TurnMetricName[] = everyTurnMetric,
    tellsGood = objectives.length > 0,
    isOnTime = false,
  ) {
    this.#tellsGood = tellsGood
    this.#isOnTime = isOnTime
    const limitsOf = (name: TurnMetricName): number[] =>
      objectives.flatMap(({ metric, limit }) => (this.#nameOf(metric) === name ? [limit] : []))
    this.#kept = metrics
      .filter((name) => this.#nameOf(name) === name)
      .map((name) => new Kept(name, limitsOf(name)))
    const of = (wanted: TurnMetricName): Kept | undefined => this.#kept.find(({ name }) => name === wanted)
    ;[this.#turn, this.#ttft, this.#intended] = [of('turn'), of('ttft'), of('intended')]
    this.#more = this.#kept.filter(
      (kept) => kept !== this.#turn && kept !== this.#ttft && kept !== this.#intended,
    )
  }

  get ended(): number {
    return this.#unanswered.count
  }

  /** Of the times that are kept. */
  times(name: 'turn' | 'ttft'): Tally {
    const kept = name === 'turn' ? this.#turn : this.#ttft
    if (!kept) throw new Error(`${name} is not kept`)
    return kept.tally
  }

  /** `isGood` says whether it kept every limit that is about it, where there are any. */
  add(turn: Readonly<TurnRecord>, isGood = true): void {
    const { outcome, errorKind } = turn
    this.counts[outcome]++
    this.#unanswered.add(outcome === 'completed' ? 0 : 1)
    if (outcome !== 'completed') this.byKind[errorKind] = (this.byKind[errorKind] ?? 0) + 1
    if (this.#tellsGood) this.#bad.add(isGood ? 0 : 1)
    if (hasLatency(turn)) this.#addTimes(turn)
    if (turn.usefulAtMs !== undefined) this.#refused.add(turn.refusals ? 1 : 0)
    if (this.#more.length > 0) this.#addMore(turn)
  }

  /**
   * As `add` of each of many answered turns, where these times are all that is kept. Where an answer `isAtOnce`, its first
   * token is its end.
   */
  addAnswered(
    { turnMs, ttftMs, intendedMs }: AnsweredTimes,
    areGood: readonly boolean[],
    isAtOnce: boolean,
  ): void {
    if (isAtOnce && this.ended === 0) this.#tallyTogether()
    this.counts.completed += turnMs.length
    this.#unanswered.addSame(0, turnMs.length)
    if (this.#tellsGood) for (const isGood of areGood) this.#bad.add(isGood ? 0 : 1)
    if (!isAtOnce) this.#tallyApart()
    this.#turn?.tally.addAll(turnMs)
    if (this.#ttft?.tally !== this.#turn?.tally) this.#ttft?.tally.addAll(ttftMs)
    this.#intended?.tally.addAll(intendedMs)
  }

  /** As long as every answer comes at once, one tally is of both times. */
  #tallyTogether(): void {
    const [turn, ttft] = [this.#turn, this.#ttft]
    if (turn && ttft) turn.tally = ttft.tally = new Tally([...turn.limits, ...ttft.limits])
  }

  #tallyApart(): void {
    if (this.#ttft && this.#ttft.tally === this.#turn?.tally) this.#ttft.tally = this.#turn.tally.copy()
  }

  #addTimes(turn: Readonly<TurnRecord>): void {
    this.#tallyApart()
    this.#turn?.tally.add(turnMs(turn))
    this.#ttft?.tally.add(ttftMs(turn))
    this.#intended?.tally.add(intendedMs(turn))
    if (this.#turn && isUnfinished(turn)) this.#turn.atLeast++
    if (this.#ttft && isSilent(turn)) this.#ttft.atLeast++
    if (this.#intended && isUnfinished(turn)) this.#intended.atLeast++
  }

  #addMore(turn: Readonly<TurnRecord>): void {
    for (const kept of this.#more) {
      const value = kept.value.of(turn)
      if (Number.isNaN(value)) continue
      kept.tally.add(value)
      if (kept.value.isAtLeast?.(turn)) kept.atLeast++
    }
  }

  /** Turns without an answer. */
  errors(): Share {
    return this.#unanswered.shareAbove(0)
  }

  /** An objective on these turns, whatever part of all turns it names; undecided where nothing tells. */
  judge(objective: Objective): ObjectiveResult {
    const { metric } = objective
    const against = this.#against(metric)
    if (against) return judgeShare(objective, against.shareAbove(0), against.count)
    const kept = this.#kept.find(({ name }) => name === this.#nameOf(metric))
    return kept ? judgeTimes(objective, kept.tally) : { text: objective.text, metric, pass: 'undecided' }
  }

  share(name: 'errors' | 'goodput' | 'refused'): ShareValue | undefined {
    const against = this.#against(name)
    if (!against || against.count === 0) return undefined
    const { effectiveCount: _, ...seen } = against.shareAbove(0)
    return { ...(name === 'goodput' ? restOf(seen) : seen), count: against.count }
  }

  /** Every metric that these turns tell. */
  values(): MetricValues {
    const values: Record<string, MetricValues[MetricName]> = {}
    for (const { name, tally, atLeast } of this.#kept) {
      const dist = distOf(tally, atLeast)
      if (dist) values[name] = dist
    }
    if (this.#isOnTime && values.turn) values.intended = values.turn
    for (const name of ['errors', 'goodput', 'refused'] as const) {
      const share = this.share(name)
      if (share) values[name] = share
    }
    return values
  }

  summary(): PartSummary {
    const metrics = this.values()
    const { turn, ttft } = metrics as { readonly turn?: Dist; readonly ttft?: Dist }
    return {
      completed: this.counts.completed,
      ...(turn ? { turnMs: turn } : {}),
      ...(ttft ? { ttftMs: ttft } : {}),
      errorRate: this.errors().share,
      metrics,
    }
  }

  /** Under which name a metric is kept. */
  #nameOf(metric: MetricName): MetricName {
    return this.#isOnTime && metric === 'intended' ? 'turn' : metric
  }

  /** Where the metric is a share: 1 for each turn that counts against it. */
  #against(name: MetricName): Tally | undefined {
    if (name === 'errors') return this.#unanswered
    if (name === 'refused') return this.#refused
    return name === 'goodput' && this.#tellsGood ? this.#bad : undefined
  }
}
