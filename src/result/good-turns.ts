import { metrics, type TurnMetricName } from '../workload/metrics.ts'
import type { Objective } from '../workload/workload.ts'
import type { TurnRecord } from './records.ts'
import { ttftMs, turnMs, type TurnValue, turnValues } from './turn-values.ts'

/** Which turn of which scenario, from 0. */
export type TurnPlace = Pick<TurnRecord, 'scenario' | 'turn'>

/** Whether an objective is about turns at this place. */
export function covers({ scenario, turns }: Objective, of: Readonly<TurnPlace>): boolean {
  return (
    (scenario === undefined || scenario === of.scenario) &&
    (turns === undefined || (of.turn >= turns.first && of.turn <= turns.last))
  )
}

/** An objective whose limit each turn keeps or not: a percentile of a metric that a turn has by itself. */
type TurnLimit = Objective & { readonly metric: TurnMetricName }

/** The limits that make a turn good, as goodput counts it (Zhong et al., DistServe, OSDI 2024, §2). */
export class GoodTurns {
  /** Without a limit there is no goodput to tell. */
  readonly areTold: boolean
  /** The objectives that count, in their own words. */
  readonly texts: readonly string[]
  readonly #limits: readonly Limit[]

  constructor(objectives: readonly Objective[]) {
    this.#limits = objectives.filter(isTurnLimit).map((objective) => ({
      objective,
      ofAll: objective.scenario === undefined && objective.turns === undefined,
      value: turnValues[objective.metric],
      most: objective.limit,
    }))
    this.areTold = this.#limits.length > 0
    this.texts = this.#limits.map(({ objective }) => objective.text)
  }

  /** Answered, and beyond none of the limits that are about it. */
  isGood(turn: Readonly<TurnRecord>): boolean {
    if (turn.outcome !== 'completed') return false
    const limits = this.#limits
    for (let i = 0; i < limits.length; i++) {
      const limit = limits[i]!
      if ((limit.ofAll || covers(limit.objective, turn)) && isBeyond(turn, limit)) return false
    }
    return true
  }
}

/** The usual ones by name: a value that one of many functions hands back is an object. */
function isBeyond(turn: Readonly<TurnRecord>, { objective, value, most }: Limit): boolean {
  if (objective.metric === 'turn') return turnMs(turn) > most
  if (objective.metric === 'ttft') return ttftMs(turn) > most
  return value.of(turn) > most
}

interface Limit {
  readonly objective: Objective
  readonly ofAll: boolean
  readonly value: TurnValue
  readonly most: number
}

function isTurnLimit(objective: Objective): objective is TurnLimit {
  return objective.statistic.kind === 'percentile' && metrics[objective.metric].per === 'turn'
}
