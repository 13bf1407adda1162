import { Tally } from '../stats/tally.ts'
import type { Share } from '../stats/tally.ts'
import type { Objective } from '../workload/workload.ts'
import { distOf } from './dist.ts'
import type { Outcome, TurnRecord } from './records.ts'
import type { ScenarioSummary, Summary } from './summary.ts'

/** Turns that ended within the window: all of them, or those of one scenario. */
export class EndedTurns {
  readonly turnMs: Tally
  readonly ttftMs: Tally
  readonly counts: Record<Outcome, number> = { completed: 0, failed: 0, abandoned: 0, rejected: 0 }
  readonly byKind: Record<string, number> = {}
  readonly #unanswered = new Tally([0])
  #censored = 0
  #censoredTtft = 0

  constructor(objectives: readonly Objective[]) {
    const limits = (wanted: Objective['metric']): number[] =>
      objectives.flatMap(({ metric, limit }) => (metric === wanted ? [limit] : []))
    this.turnMs = new Tally(limits('turn'))
    this.ttftMs = new Tally(limits('ttft'))
  }

  get ended(): number {
    return this.#unanswered.count
  }

  add(turn: Readonly<TurnRecord>): void {
    const { outcome, errorKind, sentAtMs, firstTokenAtMs, endedAtMs } = turn
    this.counts[outcome]++
    this.#unanswered.add(outcome === 'completed' ? 0 : 1)
    if (outcome !== 'completed') this.byKind[errorKind] = (this.byKind[errorKind] ?? 0) + 1
    if (!hasLatency(turn)) return
    this.turnMs.add(endedAtMs - sentAtMs)
    if (outcome !== 'completed') this.#censored++
    const came = !Number.isNaN(firstTokenAtMs)
    this.ttftMs.add((came ? firstTokenAtMs : endedAtMs) - sentAtMs)
    if (!came) this.#censoredTtft++
  }

  /** Turns without an answer. */
  errors(): Share {
    return this.#unanswered.shareAbove(0)
  }

  latency(): Pick<Summary['latency'], 'turnMs' | 'ttftMs'> {
    const turnMs = distOf(this.turnMs, this.#censored)
    const ttftMs = distOf(this.ttftMs, this.#censoredTtft)
    return { ...(turnMs ? { turnMs } : {}), ...(ttftMs ? { ttftMs } : {}) }
  }

  summary(): ScenarioSummary {
    return { completed: this.counts.completed, ...this.latency(), errorRate: this.errors().share }
  }
}

/** Answered turns, and those given up by the user or by a time limit: they took at least that long. */
export function hasLatency({ outcome, errorKind }: Readonly<TurnRecord>): boolean {
  return outcome === 'completed' || outcome === 'abandoned' || errorKind === 'timeout'
}
