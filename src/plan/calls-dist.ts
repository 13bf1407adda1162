import type { Dist } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'
import { callsLaw } from './calls-law.ts'
import type { TurnDemand } from './demand.ts'
import type { Discrete } from './discrete.ts'

const known = new WeakMap<TurnDemand, Dist>()

/** Calls of a turn: of its root loop and of its sub-agents. */
export function callsDist(workload: Workload, demand: TurnDemand): Dist {
  let dist = known.get(demand)
  if (!dist) {
    const laws = demand.scenarios.map(({ depth }, i) =>
      callsLaw(workload, depth, workload.scenarios[i]!.tools),
    )
    known.set(demand, (dist = distOf(demand, laws, demand.callsPerTurn.mean + innerCalls(demand))))
  }
  return dist
}

/** Steps of the root loop of a turn. */
export function depthDist(demand: TurnDemand): Dist {
  return distOf(
    demand,
    demand.scenarios.map(({ depth }) => depth),
    demand.callsPerTurn.mean,
  )
}

/** Calls of sub-agents in a turn, in the mean. */
export function innerCalls({ models, rootModels }: TurnDemand): number {
  return models.reduce((sum, { calls }, model) => sum + calls - rootModels[model]!.calls, 0)
}

function distOf({ scenarios }: TurnDemand, laws: readonly Discrete[], mean: number): Dist {
  const most = Math.max(...laws.map(({ from, at }) => from + at.length - 1))
  const shares = Array.from({ length: most + 1 }, (_, count) =>
    laws.reduce((sum, { from, at }, i) => sum + scenarios[i]!.turnShare * (at[count - from] ?? 0), 0),
  )
  const quantile = (p: number): number => {
    let below = 0
    return shares.findIndex((share) => (below += share) >= p - 1e-9)
  }
  return {
    mean,
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    max: most,
  }
}
