import type { Distribution } from '../stats/distribution.ts'
import type { Workload } from '../workload/workload.ts'
import type { ScenarioDemand, TurnDemand } from './demand.ts'
import { nonNegative } from './discrete.ts'
import type { Congestion } from './turn-law.ts'

/** Mean times of the answered turns of one scenario: sums of the means of their parts, no grid in between. */
export interface TurnMeans {
  readonly turnMs: number
  readonly ttftMs: number
  readonly interTokenMs: number
}

/** By scenario, the means of the laws of the same turns. */
export function turnMeans(
  workload: Workload,
  demand: TurnDemand,
  congestion: Congestion,
  slotWaitMs: number,
): readonly TurnMeans[] {
  const { overhead } = workload.agent
  const stateMs = meanOf(overhead.stateMs)
  return demand.scenarios.map((scenario, i) => {
    const firstMs = firstTokenMs(workload, scenario, congestion)
    const callMs = firstMs + streamMs(workload, scenario, congestion)
    const toolMs = toolStepMs(workload.scenarios[i]!.tools, scenario, congestion)
    const steps = scenario.calls.mean - 1
    const beforeMs = slotWaitMs + stateMs + meanOf(overhead.promptMs) + steps * (callMs + toolMs)
    return {
      turnMs: beforeMs + callMs + stateMs,
      ttftMs: beforeMs + firstMs,
      interTokenMs:
        congestion.engines.get(scenario.model)?.perTokenMs ??
        meanOf(workload.models[scenario.model]!.perToken),
    }
  })
}

const meanOf = (distribution: Distribution): number => nonNegative(distribution).mean

function firstTokenMs(workload: Workload, { model }: ScenarioDemand, congestion: Congestion): number {
  const { cpu, engines, retries } = congestion
  const engine = engines.get(model)
  const modelMs = engine ? engine.firstMs + engine.waitMs : meanOf(workload.models[model]!.ttft)
  const refusedMs = (retries.get(model) ?? []).reduce((sum, { share, waitMs }) => sum + share * waitMs, 0)
  return workload.agent.overhead.cpuPerCallMs + cpu.share * cpu.meanMs + refusedMs + modelMs
}

/** The tokens of a call after its first. */
function streamMs(workload: Workload, scenario: ScenarioDemand, { engines }: Congestion): number {
  const engine = engines.get(scenario.model)
  if (!engine) return scenario.modelMsPerCall.mean - meanOf(workload.models[scenario.model]!.ttft)
  const perTokenMs = Math.max(workload.agent.overhead.cpuPerTokenMs, engine.perTokenMs)
  return Math.max(0, scenario.outputPerCall.mean - 1) * perTokenMs
}

function toolStepMs(tools: readonly number[], { toolMs }: ScenarioDemand, congestion: Congestion): number {
  if (tools.length === 0) return 0
  const each = tools.map((tool) => {
    const wait = congestion.tools.get(tool)
    return toolMs.get(tool)! + (wait ? wait.share * wait.meanMs : 0)
  })
  return each.reduce((sum, ms) => sum + ms, 0) / tools.length
}
