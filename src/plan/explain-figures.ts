import type { DerivationInput } from '../result/derivation.ts'
import type { Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import type { TurnDemand } from './demand.ts'

/** What derivations are read from: the workload, its summary at a level, and the state behind the summary. */
export interface Solution {
  readonly workload: Workload
  readonly level: Level
  readonly demand: TurnDemand
  readonly state: AgentState
  readonly summary: Summary
  /** What is solved (rates, times, shares in use) is exact, not approximated. */
  readonly exact: boolean
}

/** An input; one that is no number (a limit that the file does not set) is left out. */
export function input(name: string, value: number | undefined, unit: string): DerivationInput[] {
  return value !== undefined && Number.isFinite(value) ? [{ name, value, unit }] : []
}
