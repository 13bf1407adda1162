import { Tally } from '../stats/tally.ts'
import type { Objective } from '../workload/workload.ts'
import { distsOf } from './dist.ts'
import { judgeTimes } from './judge.ts'
import type { ObjectiveResult, SessionSummary } from './summary.ts'

/** One conversation that is over. */
export interface EndedSession {
  readonly scenario: number
  /** From its first send to the end of its last answer. */
  readonly durationMs: number
  /** That had an end, answered or not. */
  readonly turns: number
  /** All that the user had to say was said. */
  readonly completed: boolean
}

/** Sessions that ended within the window. */
export class EndedSessions {
  readonly #durations: Tally
  readonly #turns = new Tally()
  readonly #scenarios = new Map<number, Tally>()
  #completed = 0

  constructor(objectives: readonly Objective[]) {
    const limits = (scenario?: number): number[] =>
      objectives.flatMap((each) =>
        each.metric === 'session' && each.scenario === scenario ? [each.limit] : [],
      )
    this.#durations = new Tally(limits())
    for (const { metric, scenario } of objectives)
      if (metric === 'session' && scenario !== undefined)
        this.#scenarios.set(scenario, new Tally(limits(scenario)))
  }

  add({ scenario, durationMs, turns, completed }: Readonly<EndedSession>): void {
    this.#durations.add(durationMs)
    this.#scenarios.get(scenario)?.add(durationMs)
    this.#turns.add(turns)
    if (completed) this.#completed++
  }

  judge(objective: Objective): ObjectiveResult {
    const { scenario } = objective
    return judgeTimes(
      objective,
      (scenario === undefined ? undefined : this.#scenarios.get(scenario)) ?? this.#durations,
    )
  }

  /** What is known besides how many began. */
  summary(counted: SessionSummary | undefined): { sessions?: SessionSummary } {
    const ended = this.#turns.count
    if (!counted) return {}
    if (ended === 0) return { sessions: counted }
    return {
      sessions: {
        ...counted,
        completed: this.#completed,
        abandoned: ended - this.#completed,
        ...distsOf({ durationMs: this.#durations, turns: this.#turns }),
      },
    }
  }
}
