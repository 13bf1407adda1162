import { Tally } from '../stats/tally.ts'
import type { Share } from '../stats/tally.ts'
import type { MetricName, TurnMetricName } from '../workload/metrics.ts'
import type { Objective } from '../workload/workload.ts'
import { distOf } from './dist.ts'
import { GoodTurns } from './good-turns.ts'
import { judgeShare, judgeTimes } from './judge.ts'
import type { Outcome, TurnRecord } from './records.ts'
import type { Dist, MetricValues, ObjectiveResult, PartSummary, ShareValue } from './summary.ts'
import { everyTurnMetric, type TurnValue, turnValues } from './turn-values.ts'

interface Kept {
  readonly name: TurnMetricName
  readonly value: TurnValue
  readonly tally: Tally
  atLeast: number
}

/** Turns that ended within the window: all of them, or those of a part. */
export class EndedTurns {
  readonly counts: Record<Outcome, number> = { completed: 0, failed: 0, abandoned: 0, rejected: 0 }
  readonly byKind: Record<string, number> = {}
  readonly #kept: readonly Kept[]
  readonly #good: GoodTurns
  /** 0 and 1, in the order of the turns. */
  readonly #unanswered = new Tally([0])
  readonly #bad = new Tally([0])
  readonly #refused = new Tally([0])

  /** The limits of `objectives` stay exact, however many turns there are; of other metrics nothing is kept. */
  constructor(
    objectives: readonly Objective[],
    metrics: readonly TurnMetricName[] = everyTurnMetric,
    good = new GoodTurns(objectives),
  ) {
    this.#good = good
    this.#kept = metrics.map((name) => ({
      name,
      value: turnValues[name],
      tally: new Tally(objectives.flatMap(({ metric, limit }) => (metric === name ? [limit] : []))),
      atLeast: 0,
    }))
  }

  get ended(): number {
    return this.#unanswered.count
  }

  add(turn: Readonly<TurnRecord>): void {
    const { outcome, errorKind } = turn
    this.counts[outcome]++
    this.#unanswered.add(outcome === 'completed' ? 0 : 1)
    if (outcome !== 'completed') this.byKind[errorKind] = (this.byKind[errorKind] ?? 0) + 1
    if (this.#good.areTold) this.#bad.add(this.#good.isGood(turn) ? 0 : 1)
    if (turn.usefulAtMs !== undefined) this.#refused.add(turn.refusals ? 1 : 0)
    for (const kept of this.#kept) {
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
    const kept = this.#kept.find(({ name }) => name === metric)
    return kept ? judgeTimes(objective, kept.tally) : { text: objective.text, metric, pass: 'undecided' }
  }

  dist(name: TurnMetricName): Dist | undefined {
    const kept = this.#kept.find((each) => each.name === name)
    return kept && distOf(kept.tally, kept.atLeast)
  }

  share(name: 'errors' | 'goodput' | 'refused'): ShareValue | undefined {
    const against = this.#against(name)
    if (!against || against.count === 0) return undefined
    const { share, low, high } = against.shareAbove(0)
    const { count } = against
    return name === 'goodput'
      ? { share: 1 - share, low: 1 - high, high: 1 - low, count }
      : { share, low, high, count }
  }

  /** Every metric that these turns tell. */
  values(): MetricValues {
    const values: Record<string, MetricValues[MetricName]> = {}
    for (const { name, tally, atLeast } of this.#kept) {
      const dist = distOf(tally, atLeast)
      if (dist) values[name] = dist
    }
    for (const name of ['errors', 'goodput', 'refused'] as const) {
      const share = this.share(name)
      if (share) values[name] = share
    }
    return values
  }

  summary(): PartSummary {
    const [turnMs, ttftMs] = [this.dist('turn'), this.dist('ttft')]
    return {
      completed: this.counts.completed,
      ...(turnMs ? { turnMs } : {}),
      ...(ttftMs ? { ttftMs } : {}),
      errorRate: this.errors().share,
      metrics: this.values(),
    }
  }

  /** Where the metric is a share: 1 for each turn that counts against it. */
  #against(name: MetricName): Tally | undefined {
    if (name === 'errors') return this.#unanswered
    if (name === 'refused') return this.#refused
    return name === 'goodput' && this.#good.areTold ? this.#bad : undefined
  }
}
