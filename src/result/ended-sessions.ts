import { Tally } from '../stats/tally.ts'
import type { Objective } from '../workload/workload.ts'
import { distsOf } from './dist.ts'
import { metrics } from '../workload/metrics.ts'
import { judgeOccurrence, judgeTimes } from './judge.ts'
import { type SessionEnding, sessionEndings } from './session-ending.ts'
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
  /** Where the file has words by which one knows. */
  readonly ending?: SessionEnding
}

/** Sessions that ended within the window. */
export class EndedSessions {
  readonly #durations: Tally
  readonly #turns = new Tally()
  readonly #scenarios = new Map<number, Tally>()
  /** 1 for each of those that ended so, by ending. */
  readonly #endings = new Map<SessionEnding, Tally>()
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

  add({ scenario, durationMs, turns, completed, ending }: Readonly<EndedSession>): void {
    if (ending) for (const each of sessionEndings) this.#tallyOf(each).add(each === ending ? 1 : 0)
    this.#durations.add(durationMs)
    this.#scenarios.get(scenario)?.add(durationMs)
    this.#turns.add(turns)
    if (completed) this.#completed++
  }

  judge(objective: Objective): ObjectiveResult {
    const { scenario, metric } = objective
    if (metrics[metric].per === 'call') return this.#judgeEnding(objective, metric)
    return judgeTimes(
      objective,
      (scenario === undefined ? undefined : this.#scenarios.get(scenario)) ?? this.#durations,
    )
  }

  /** Of what is said of calls by telephone, conversations in writing have their endings alone. */
  #judgeEnding(objective: Objective, ending: string): ObjectiveResult {
    const tally = isEnding(ending) ? this.#endings.get(ending) : undefined
    if (!tally) return { text: objective.text, metric: objective.metric, pass: 'undecided' }
    return { ...judgeOccurrence(objective, tally.shareAbove(0), tally.count), of: 'sessions' }
  }

  #tallyOf(ending: SessionEnding): Tally {
    let tally = this.#endings.get(ending)
    if (!tally) this.#endings.set(ending, (tally = new Tally([0])))
    return tally
  }

  #told(): { readonly endings?: Readonly<Record<SessionEnding, number>> } {
    if (this.#endings.size === 0) return {}
    const count = (ending: SessionEnding): number => {
      const { mean, count: all } = this.#tallyOf(ending)
      return Math.round(mean * all)
    }
    return {
      endings: Object.fromEntries(sessionEndings.map((each) => [each, count(each)])) as Record<
        SessionEnding,
        number
      >,
    }
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
        ...this.#told(),
        ...distsOf({ durationMs: this.#durations, turns: this.#turns }),
      },
    }
  }
}

const isEnding = (metric: string): metric is SessionEnding =>
  (sessionEndings as readonly string[]).includes(metric)
