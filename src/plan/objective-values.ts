import type { ObjectiveResult } from '../result/summary.ts'
import type { Objective, Workload } from '../workload/workload.ts'
import { gridBeyond, gridQuantile, type Grid } from './grid.ts'
import type { TurnMeans } from './turn-means.ts'

/** The laws an objective may ask about: masses on one grid. */
export interface AnswerLaws {
  readonly grid: Grid
  readonly turn: Float64Array
  readonly ttft: Float64Array
  readonly interToken: Float64Array
  readonly interTokenGrid: Grid
  readonly means: TurnMeans
}

/** Each objective with its value at this level. */
export function objectivesAt(
  workload: Workload,
  laws: (scenario: number | undefined) => AnswerLaws,
  errorRate: (scenario: number | undefined) => number,
): ObjectiveResult[] {
  return workload.objectives.map((objective) => {
    if (objective.metric === 'errors') {
      const value = errorRate(objective.scenario)
      return { text: objective.text, value, pass: value < objective.limit }
    }
    return timeObjective(objective, laws(objective.scenario))
  })
}

function timeObjective(objective: Objective, laws: AnswerLaws): ObjectiveResult {
  const itl = objective.metric === 'itl'
  const { means } = laws
  const grid = itl ? laws.interTokenGrid : laws.grid
  const masses = itl ? laws.interToken : objective.metric === 'ttft' ? laws.ttft : laws.turn
  if (objective.statistic.kind !== 'percentile') {
    const value = itl ? means.interTokenMs : objective.metric === 'ttft' ? means.ttftMs : means.turnMs
    return { text: objective.text, value, pass: value < objective.limit }
  }
  const allowed = 1 - objective.statistic.share
  const value = gridQuantile(grid, masses, objective.statistic.share)
  const share = gridBeyond(grid, masses, objective.limit)
  return {
    text: objective.text,
    value,
    exceeded: { share, low: share, high: share, allowed, effectiveCount: Infinity },
    pass: value < objective.limit,
  }
}
