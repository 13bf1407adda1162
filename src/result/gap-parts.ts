import type { Objective, Workload } from '../workload/workload.ts'
import { GapTally } from './gap-tally.ts'
import { covers, type TurnPlace } from './good-turns.ts'
import { judgeTimes } from './judge.ts'
import { placeOf, placeTexts } from './places.ts'
import type { Dist, ObjectiveResult } from './summary.ts'

/** Times between tokens: all of them and, where their turns are known, by scenario and by place in the session. */
export class GapParts {
  readonly all: GapTally
  readonly #workload: Workload
  readonly #limits: readonly number[]
  readonly #scenarios = new Map<number, GapTally>()
  readonly #places = new Map<number, GapTally>()
  readonly #own: readonly { readonly objective: Objective; readonly gaps: GapTally }[]

  constructor(workload: Workload) {
    const objectives = workload.objectives.filter(({ metric }) => metric === 'itl')
    this.#workload = workload
    this.#limits = objectives.map(({ limit }) => limit)
    this.all = new GapTally(this.#limits)
    const oneScenario = workload.scenarios.length === 1
    this.#own = objectives
      .filter(({ scenario, turns }) => turns || (scenario !== undefined && !oneScenario))
      .map((objective) => ({ objective, gaps: new GapTally([objective.limit]) }))
  }

  add(gapMs: number, count: number, of: TurnPlace | undefined): void {
    this.all.add(gapMs, count)
    if (!of) return
    this.#tally(this.#scenarios, of.scenario).add(gapMs, count)
    this.#tally(this.#places, placeOf(of.turn)).add(gapMs, count)
    for (const { objective, gaps } of this.#own) if (covers(objective, of)) gaps.add(gapMs, count)
  }

  judge(objective: Objective): ObjectiveResult {
    return judgeTimes(objective, this.#own.find((each) => each.objective === objective)?.gaps ?? this.all)
  }

  ofScenario(index: number): Dist | undefined {
    return (this.#workload.scenarios.length === 1 ? this.all : this.#scenarios.get(index))?.dist()
  }

  ofPlace(text: string): Dist | undefined {
    return this.#places.get(placeTexts.indexOf(text))?.dist()
  }

  #tally(tallies: Map<number, GapTally>, key: number): GapTally {
    let tally = tallies.get(key)
    if (!tally) tallies.set(key, (tally = new GapTally(this.#limits)))
    return tally
  }
}
