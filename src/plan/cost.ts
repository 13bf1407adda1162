import { costAt, tokensUsd } from '../result/cost.ts'
import type { Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import type { TurnDemand } from './demand.ts'

/** Tokens at list price, and the server; absent where a used model has no price. */
export function costOf(
  workload: Workload,
  demand: TurnDemand,
  state: AgentState,
  level: Level,
): Pick<Summary, 'cost'> {
  let perTurnUsd = 0
  for (const [i, { calls, inputTokens, cachedTokens, outputTokens }] of demand.models.entries()) {
    if (calls === 0) continue
    const { price } = workload.models[i]!
    if (!price) return {}
    perTurnUsd += tokensUsd(price, { input: inputTokens, cachedInput: cachedTokens, output: outputTokens })
  }
  return costAt(workload, level, perTurnUsd, state.admittedPerMs * state.work * 1000)
}
