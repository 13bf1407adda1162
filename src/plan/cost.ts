import type { Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import type { TurnDemand } from './demand.ts'

const hoursPerMonth = 730

/** Tokens at list price, and the server; absent where a used model has no price. */
export function costOf(
  workload: Workload,
  demand: TurnDemand,
  state: AgentState,
  level: Level,
): Pick<Summary, 'cost'> {
  const used = demand.models.flatMap((model, i) =>
    model.calls > 0 ? [{ model, price: workload.models[i]!.price }] : [],
  )
  if (used.some(({ price }) => price === undefined)) return {}
  const perTurnUsd = used.reduce((sum, { model, price }) => {
    const fresh = model.inputTokens - model.cachedTokens
    const { inputPerMillionUsd, cachedPerMillionUsd, outputPerMillionUsd } = price!
    return (
      sum +
      (fresh * inputPerMillionUsd +
        model.cachedTokens * cachedPerMillionUsd +
        model.outputTokens * outputPerMillionUsd) /
        1e6
    )
  }, 0)
  const perHourUsd = perTurnUsd * state.admittedPerMs * state.work * 3_600_000
  const { peakToAverage = 1 } = workload.users.peak
  return {
    cost: {
      perTurnUsd,
      ...('users' in level && level.users > 0 ? { perUserHourUsd: perHourUsd / level.users } : {}),
      perMonthUsd: (perHourUsd * hoursPerMonth) / peakToAverage + (workload.agent.server?.perMonthUsd ?? 0),
    },
  }
}
