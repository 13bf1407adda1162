import type { TurnMetricName } from '../workload/metrics.ts'
import type { Objective, Workload } from '../workload/workload.ts'
import { EndedTurns } from './ended-turns.ts'
import { covers, GoodTurns } from './good-turns.ts'
import type { GapParts } from './gap-parts.ts'
import { placeOf, placeTexts } from './places.ts'
import type { TurnRecord } from './records.ts'
import type { Dist, ObjectiveResult, PartSummary, Summary } from './summary.ts'
import { everyTurnMetric as everyMetric } from './turn-values.ts'

/** What the algebra can be held against, and what a simulator of millions of turns can afford for each part. */
const fewMetrics: readonly TurnMetricName[] = ['turn', 'ttft']
const playedMetrics: readonly TurnMetricName[] = [...fewMetrics, 'intended', 'tpot', 'tokens']

/** All turns that ended, and the same by scenario and by place in the session. */
export class TurnParts {
  readonly all: EndedTurns
  readonly good: GoodTurns
  readonly #workload: Workload
  readonly #scenarios: readonly EndedTurns[]
  readonly #places: readonly EndedTurns[]
  /** Objectives on parts that are not told apart anyway. */
  readonly #own: readonly { readonly objective: Objective; readonly turns: EndedTurns }[]

  /** `detailed` keeps every metric for every part; else the parts have turn and first token. */
  constructor(workload: Workload, detailed: boolean) {
    const { objectives, scenarios } = workload
    this.#workload = workload
    this.good = new GoodTurns(objectives)
    const part = (metrics: readonly TurnMetricName[]): EndedTurns =>
      new EndedTurns(objectives, metrics, this.good)
    this.all = part(detailed ? everyMetric : playedMetrics)
    const ofPart = detailed ? everyMetric : fewMetrics
    // The only scenario's turns are all turns.
    this.#scenarios = scenarios.length === 1 ? [this.all] : scenarios.map(() => part(ofPart))
    this.#places = placeTexts.map(() => part(ofPart))
    this.#own = objectives
      .filter(({ metric, turns, scenario }) => turns || (scenario !== undefined && !hasAll(ofPart, metric)))
      .map((objective) => ({
        objective,
        turns: new EndedTurns(
          [objective],
          everyMetric.filter((name) => name === objective.metric),
          this.good,
        ),
      }))
  }

  add(turn: Readonly<TurnRecord>): void {
    this.all.add(turn)
    if (this.#scenarios.length > 1) this.#scenarios[turn.scenario]?.add(turn)
    this.#places[placeOf(turn.turn)]!.add(turn)
    for (const { objective, turns } of this.#own) if (covers(objective, turn)) turns.add(turn)
  }

  judge(objective: Objective): ObjectiveResult {
    const own = this.#own.find((each) => each.objective === objective)
    const { scenario } = objective
    return (own?.turns ?? (scenario === undefined ? this.all : this.#scenarios[scenario]!)).judge(objective)
  }

  summary(gaps: GapParts): Pick<Summary, 'all' | 'scenarios' | 'turnIndexes'> {
    const byPlace = placeTexts.flatMap((text, i): [string, PartSummary][] => {
      const turns = this.#places[i]!
      return turns.ended > 0 ? [[text, withGaps(turns.summary(), gaps.ofPlace(text))]] : []
    })
    const scenarios = this.#workload.scenarios.map(({ name }, i): [string, PartSummary] => [
      name,
      withGaps(this.#scenarios[i]!.summary(), gaps.ofScenario(i)),
    ])
    return {
      all: withGaps(this.all.summary(), gaps.all.dist()),
      scenarios: Object.fromEntries(scenarios),
      ...(byPlace.length > 0 ? { turnIndexes: Object.fromEntries(byPlace) } : {}),
    }
  }
}

function withGaps(part: PartSummary, itl: Dist | undefined): PartSummary {
  return itl ? { ...part, metrics: { ...part.metrics, itl } } : part
}

/** Shares are told by every part. */
const hasAll = (kept: readonly TurnMetricName[], metric: Objective['metric']): boolean =>
  !(everyMetric as readonly string[]).includes(metric) || (kept as readonly string[]).includes(metric)
