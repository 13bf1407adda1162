import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import type { TurnDemand } from './demand.ts'
import { engineSlots } from './engine-slots.ts'
import { retryWaits } from './effort.ts'
import { engineCallMs } from './inner-network.ts'
import type { Congestion } from './turn-law.ts'

/** What the steady state adds to the times of a turn, spread over the turn's calls and tool steps. */
export function congestionOf(workload: Workload, demand: TurnDemand, state: AgentState): Congestion {
  const turns = state.inService
  const residence =
    turns > 0 ? state.inner.residenceMs(turns) : state.inner.stations.map((each) => each.aloneMs)
  const tools = new Map<number, { share: number; meanMs: number }>()
  const engines = new Map<number, { firstMs: number; perTokenMs: number; waitMs: number }>()
  let cpu = { share: 0, meanMs: 0 }
  state.inner.stations.forEach((station, k) => {
    const extraMs = Math.max(0, residence[k]! - station.aloneMs)
    const busy = Math.min(1, Math.max(1e-9, state.admittedPerMs / station.rate(1e9)))
    if (station.kind === 'cpu') cpu = sometimes(extraMs / (demand.callsPerTurn.mean * state.work), busy)
    if (station.kind === 'tool') {
      const visits = station.aloneMs / slowest(demand, station.index) || 1
      tools.set(station.index, sometimes(extraMs / visits, busy))
    }
    if (station.kind === 'engine')
      engines.set(
        station.index,
        enginePace(workload, demand, station.index, residence[k]! * state.admittedPerMs, extraMs),
      )
  })
  return { cpu, tools, engines, retries: retriesOf(workload, demand, state) }
}

/** A wait with the given mean that comes to a share of the jobs. */
function sometimes(meanMs: number, share: number): { share: number; meanMs: number } {
  return meanMs < 1e-9 ? { share: 0, meanMs: 0 } : { share, meanMs: meanMs / share }
}

function slowest(demand: TurnDemand, tool: number): number {
  return demand.scenarios.find((scenario) => scenario.toolMs.has(tool))?.toolMs.get(tool) ?? 1
}

function enginePace(
  workload: Workload,
  demand: TurnDemand,
  index: number,
  inEngine: number,
  extraMs: number,
): { firstMs: number; perTokenMs: number; waitMs: number } {
  const engine = workload.models[index]!.engine!
  const { calls, outputTokens, inputTokens, cachedTokens } = demand.rootModels[index]!
  const inFlight = Math.max(1, Math.min(engineSlots(workload.models[index]!, index, demand), inEngine))
  const prefillMs = (inFlight * engine.prefillMs * (inputTokens - cachedTokens)) / calls
  const perTokenMs = engine.stepMs + inFlight * engine.decodeMs
  const turn = { outputTokens, inputTokens: inputTokens - cachedTokens }
  const shared = engineCallMs(engine, inFlight, turn) - engineCallMs(engine, 1, turn)
  return { firstMs: prefillMs + perTokenMs, perTokenMs, waitMs: Math.max(0, extraMs - shared) / calls }
}

function retriesOf(workload: Workload, demand: TurnDemand, state: AgentState): Congestion['retries'] {
  const retries = new Map<number, { share: number; waitMs: number }[]>()
  state.refused.forEach((p, model) => {
    if (p < 1e-6) return
    const waits = retryWaits(workload, demand, model)
    const answered = 1 - p ** (waits.length + 1)
    let waitMs = 0
    const tries = [{ share: (1 - p) / answered, waitMs }]
    waits.forEach((wait, n) => {
      waitMs += wait
      tries.push({ share: ((1 - p) * p ** (n + 1)) / answered, waitMs })
    })
    retries.set(model, tries)
  })
  return retries
}
