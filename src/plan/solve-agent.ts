import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import { closedAgent } from './closed-agent.ts'
import type { TurnDemand } from './demand.ts'
import { refusedEffort } from './effort.ts'
import { openAgent } from './open-agent.ts'
import { innerNetwork } from './inner-network.ts'
import { quotaRefusal } from './quota-pressure.ts'

const sweeps = 4
const most = 40
/** Below this, refusals change nothing that is printed. */
const rare = 1e-9

/**
 * The steady state in which quota and users agree: a share of tries is refused that is just what the bucket
 * refuses of the tries which that share brings about. One share for each model with a quota, found by false position
 * (more refusals mean fewer admitted tokens, but what the bucket refuses falls), swept until they settle.
 */
export function solveAgent(workload: Workload, demand: TurnDemand, level: Level): AgentState {
  const refused = workload.models.map(() => 0)
  const limited = workload.models.flatMap((model, i) =>
    model.quota && demand.models[i]!.calls > 0 ? [i] : [],
  )
  let state = stateWith(workload, demand, level, refused)
  for (let sweep = 0; sweep < (limited.length > 1 ? sweeps : 1); sweep++)
    for (const model of limited) {
      const excess = (share: number): number => {
        refused[model] = share
        state = stateWith(workload, demand, level, refused)
        return refusedBy(workload, demand, state, model) - share
      }
      const atNone = excess(0)
      if (atNone < rare) refused[model] = 0
      else excess(crossing(excess, atNone))
    }
  return limited.length > 1 ? stateWith(workload, demand, level, refused) : state
}

/** Where a falling function that starts at `atZero` > 0 crosses zero between 0 and 1 (Illinois false position). */
function crossing(falling: (x: number) => number, atZero: number): number {
  let [low, high] = [0, 1]
  let [above, below] = [atZero, falling(1)]
  let kept = 0
  for (let i = 0; i < most && high - low > 1e-9; i++) {
    const middle = i % 4 === 3 ? (low + high) / 2 : low + ((high - low) * above) / (above - below)
    const value = falling(middle)
    if (Math.abs(value) < 1e-7 * middle) return middle
    if (value > 0) {
      ;[low, above] = [middle, value]
      if (kept === 1) below /= 2
      kept = 1
    } else {
      ;[high, below] = [middle, value]
      if (kept === -1) above /= 2
      kept = -1
    }
  }
  return (low + high) / 2
}

function stateWith(
  workload: Workload,
  demand: TurnDemand,
  level: Level,
  refused: readonly number[],
): AgentState {
  const effort = refusedEffort(workload, demand, refused)
  const mostPerMs =
    'users' in level
      ? level.users / demand.thinkMs
      : (level.sessionsPerSecond * demand.turnsPerSession) / 1000
  const inner = innerNetwork(workload, demand, effort, mostPerMs)
  const state =
    'users' in level
      ? closedAgent(workload, demand, effort, inner, level.users)
      : openAgent(workload, demand, effort, inner, level.sessionsPerSecond)
  return { ...state, refused: [...refused] }
}

function refusedBy(workload: Workload, demand: TurnDemand, state: AgentState, index: number): number {
  const model = workload.models[index]!
  const callMs = demand.scenarios.reduce((longest, scenario) => {
    return scenario.model === index ? Math.max(longest, scenario.modelMsPerCall.mean) : longest
  }, 0)
  const load = {
    triesPerMinute: state.triesPerMs[index]! * 60_000,
    inFlight: state.callsPerMs[index]! * callMs,
    callMs,
  }
  return quotaRefusal(model, demand.models[index]!, load)
}
