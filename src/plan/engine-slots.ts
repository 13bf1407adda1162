import type { Model } from '../workload/workload.ts'
import type { ScenarioDemand, TurnDemand } from './demand.ts'

/**
 * Tokens that a call holds of the KV cache in the mean over the time for which it runs: its context, and of its K output
 * tokens E[K²] ÷ 2E[K], since longer calls run for longer. Engines that share the cache of common prefixes hold less.
 */
export function contextHeld(demand: TurnDemand, model: number): number {
  const mine = demand.scenarios.filter((scenario) => scenario.model === model)
  const weight = (scenario: ScenarioDemand): number => scenario.turnShare * scenario.outputTokens
  const total = mine.reduce((sum, scenario) => sum + weight(scenario), 0)
  if (total === 0) return 0
  return mine.reduce((sum, scenario) => {
    const { inputTokens, calls, outputPerCall } = scenario
    const { mean, variance } = outputPerCall
    const made = mean > 0 ? (mean ** 2 + variance) / (2 * mean) : 0
    return sum + (weight(scenario) / total) * (inputTokens / calls.mean + made)
  }, 0)
}

/** Calls that an engine runs at once: its slots, or as many as its KV cache holds on average, at least one. */
export function engineSlots({ engine }: Model, index: number, demand: TurnDemand): number {
  const { slots = Infinity, kvTokens } = engine ?? {}
  if (kvTokens === undefined) return slots
  const held = contextHeld(demand, index)
  return held > 0 ? Math.min(slots, Math.max(1, Math.floor(kvTokens / held))) : slots
}
