import type { TurnMetricName } from '../workload/metrics.ts'
import type { Objective, Workload } from '../workload/workload.ts'
import type { AnsweredTimes, AnsweredTurns } from './answered-turns.ts'
import { EndedTurns } from './ended-turns.ts'
import { covers, GoodTurns } from './good-turns.ts'
import type { GapParts } from './gap-parts.ts'
import { placeOf, placeTexts } from './places.ts'
import { RoughPart } from './rough-part.ts'
import type { TurnRecord } from './records.ts'
import type { Dist, ObjectiveResult, PartSummary, Summary } from './summary.ts'
import { everyTurnMetric as everyMetric } from './turn-values.ts'

/** What every engine tells of all turns and of each scenario. */
const playedMetrics: readonly TurnMetricName[] = ['turn', 'ttft', 'intended']

/** In the place of a place. */
const severalPlaces = -1

/** Of some turns, in as much detail as is called for. */
interface Part {
  readonly ended: number
  add(turn: Readonly<TurnRecord>, isGood: boolean): void
  summary(): PartSummary
}

/** All turns that ended, and the same by scenario and by place in the session. */
export class TurnParts {
  readonly all: EndedTurns
  readonly good: GoodTurns
  readonly #workload: Workload
  readonly #scenarios: readonly EndedTurns[]
  readonly #places: readonly Part[]
  /** Of `#places`, where they are told roughly. */
  readonly #rough: readonly RoughPart[]
  /**
   * The place of all turns so far, every one answered: what is counted of all turns is then not counted for it again.
   * Undefined before the first turn.
   */
  #onlyPlace: number | undefined
  /** Objectives on parts that are not told apart anyway. */
  readonly #own: readonly { readonly objective: Objective; readonly turns: EndedTurns }[]

  /** `detailed` keeps every metric for every part: right for thousands of turns, too much for millions. */
  constructor(workload: Workload, detailed: boolean, isOnTime: boolean) {
    const { objectives, scenarios } = workload
    this.#workload = workload
    this.good = new GoodTurns(objectives)
    const kept = detailed ? everyMetric : playedMetrics
    const part = (): EndedTurns => new EndedTurns(objectives, kept, this.good.areTold, isOnTime)
    this.all = part()
    // The only scenario's turns are all turns.
    this.#scenarios = scenarios.length === 1 ? [this.all] : scenarios.map(part)
    this.#rough = detailed ? [] : placeTexts.map(() => new RoughPart())
    this.#places = detailed ? placeTexts.map(part) : this.#rough
    this.#own = objectives
      .filter(({ metric, turns }) => turns || !tells(kept, metric))
      .map((objective) => ({
        objective,
        turns: new EndedTurns(
          [objective],
          everyMetric.filter((name) => name === objective.metric),
          this.good.areTold,
        ),
      }))
  }

  add(turn: Readonly<TurnRecord>): void {
    const isGood = this.good.isGood(turn)
    this.#tellPlacesApart()
    this.all.add(turn, isGood)
    if (this.#scenarios.length > 1) this.#scenarios[turn.scenario]?.add(turn, isGood)
    this.#places[placeOf(turn.turn)]!.add(turn, isGood)
    for (const { objective, turns } of this.#own) if (covers(objective, turn)) turns.add(turn, isGood)
  }

  /** As `add` of each turn of the window, which took these times. */
  addAnswered(turns: AnsweredTurns, times: AnsweredTimes): void {
    const { first, length, place } = turns
    const areAlike = this.#rough.length > 0 && this.#scenarios.length === 1 && this.#own.length === 0
    if (!areAlike) {
      for (let i = first; i < length; i++) this.add(turns.turnAt(i))
      return
    }
    const good: boolean[] = []
    if (this.good.areTold) for (let i = first; i < length; i++) good.push(this.good.isGood(turns.turnAt(i)))
    this.#onlyPlace ??= place
    if (place < 0 || place !== this.#onlyPlace) this.#tellPlacesApart()
    this.all.addAnswered(times, good, turns.isAtOnce)
    if (this.#onlyPlace >= 0) this.#rough[place]!.sumAnswered(length - first, turns.sums)
    else
      for (let i = first; i < length; i++)
        this.#rough[placeOf(turns.turn[i]!)]!.addAnswered(times.turnMs[i - first]!, times.ttftMs[i - first]!)
  }

  /** From now on turns at more places than one may come. */
  #tellPlacesApart(): void {
    const only = this.#onlyPlace ?? severalPlaces
    this.#onlyPlace = severalPlaces
    if (only >= 0) this.#rough[only]!.countAs(this.all.times('turn'), this.all.times('ttft'))
  }

  judge(objective: Objective): ObjectiveResult {
    const own = this.#own.find((each) => each.objective === objective)
    const { scenario } = objective
    return (own?.turns ?? (scenario === undefined ? this.all : this.#scenarios[scenario]!)).judge(objective)
  }

  summary(gaps: GapParts): Pick<Summary, 'all' | 'scenarios' | 'turnIndexes'> {
    this.#tellPlacesApart()
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
const tells = (kept: readonly TurnMetricName[], metric: Objective['metric']): boolean =>
  !(everyMetric as readonly string[]).includes(metric) || (kept as readonly string[]).includes(metric)
