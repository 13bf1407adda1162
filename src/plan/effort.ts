import type { Workload } from '../workload/workload.ts'
import type { TurnDemand } from './demand.ts'
import { expectation } from './discrete.ts'
import { retryAfterMs } from './quota-pressure.ts'

/** What refused tries make of a turn. */
export interface RefusedEffort {
  /** Share of turns that end for lack of quota. */
  readonly rateLimited: number
  /** Calls admitted, by model, for one turn. */
  readonly calls: readonly number[]
  /** Tries made, by model, for one turn. */
  readonly tries: readonly number[]
  /** Of the tries those after a refusal, all models together. */
  readonly retries: number
  /** Work done, as a share of a turn's with no refusal. */
  readonly work: number
  /** Mean wait between tries, a turn. */
  readonly retryMs: number
}

/** Waits before retry 0, 1, ... of a call, milliseconds. */
export function retryWaits(workload: Workload, demand: TurnDemand, model: number): number[] {
  const { attempts, backoffMs, honourRetryAfter } = workload.agent.retries
  const told = retryAfterMs(workload.models[model]!, demand.models[model]!)
  return Array.from({ length: attempts }, (_, n) =>
    honourRetryAfter && told > 0 ? told : Math.min(backoffMs * 2 ** n, 8000) * 0.875,
  )
}

/** Calls of a turn are refused independently with the probabilities `refused` (by model) at each try. */
export function refusedEffort(
  workload: Workload,
  demand: TurnDemand,
  refused: readonly number[],
): RefusedEffort {
  const { attempts } = workload.agent.retries
  const calls = workload.models.map(() => 0)
  const tries = workload.models.map(() => 0)
  let rateLimited = 0
  let retryMs = 0
  let retries = 0
  for (const scenario of demand.scenarios) {
    const p = refused[scenario.model]!
    const through = 1 - p ** (attempts + 1)
    const admitted = expectation(scenario.depth, (d) => geometricSum(through, d) * through)
    const begun = expectation(scenario.depth, (d) => geometricSum(through, d))
    const triesPerCall = geometricSum(p, attempts + 1)
    const waits = retryWaits(workload, demand, scenario.model)
    const waitPerCall = waits.reduce((sum, wait, n) => sum + p ** (n + 1) * wait, 0)
    calls[scenario.model]! += scenario.turnShare * admitted
    tries[scenario.model]! += scenario.turnShare * begun * triesPerCall
    retries += scenario.turnShare * begun * (triesPerCall - 1)
    rateLimited += scenario.turnShare * (1 - expectation(scenario.depth, (d) => through ** d))
    retryMs += scenario.turnShare * begun * waitPerCall
  }
  const work = calls.reduce((sum, count) => sum + count, 0) / demand.callsPerTurn.mean
  // A sub-agent that is refused is a tool that failed: its turn goes on.
  for (const [model, asked] of demand.models.entries()) {
    const begun = (asked.calls - demand.rootModels[model]!.calls) * work
    if (begun <= 0) continue
    const p = refused[model]!
    const triesPerCall = geometricSum(p, attempts + 1)
    calls[model]! += begun * (1 - p ** (attempts + 1))
    tries[model]! += begun * triesPerCall
    retries += begun * (triesPerCall - 1)
  }
  return { rateLimited, calls, tries, retries, work, retryMs }
}

/** 1 + r + … + r^(n − 1). */
function geometricSum(ratio: number, n: number): number {
  return Math.abs(1 - ratio) < 1e-12 ? n : (1 - ratio ** n) / (1 - ratio)
}
