import { EndedTurns } from '../result/ended-turns.ts'
import { covers, GoodTurns } from '../result/good-turns.ts'
import type { TurnRecord } from '../result/records.ts'
import type { ObjectiveResult } from '../result/summary.ts'
import { metrics } from '../workload/metrics.ts'
import type { Objective, Workload } from '../workload/workload.ts'

/** Objectives on turns while a run goes on, each over all turns so far that it is about. */
export class ObjectiveWatch {
  readonly #objectives: readonly { readonly objective: Objective; readonly turns: EndedTurns }[]
  readonly #good: GoodTurns

  constructor({ objectives }: Workload, wanted: (objective: Objective) => boolean = () => true) {
    this.#good = new GoodTurns(objectives)
    this.#objectives = objectives
      .filter((objective) => metrics[objective.metric].per === 'turn' && wanted(objective))
      .map((objective) => ({ objective, turns: new EndedTurns([objective]) }))
  }

  ended(turn: Readonly<TurnRecord>): void {
    if (this.#objectives.length === 0) return
    const isGood = this.#good.isGood(turn)
    for (const { objective, turns } of this.#objectives) if (covers(objective, turn)) turns.add(turn, isGood)
  }

  judge(): { readonly objective: Objective; readonly result: ObjectiveResult }[] {
    return this.#objectives.map(({ objective, turns }) => ({ objective, result: turns.judge(objective) }))
  }
}
