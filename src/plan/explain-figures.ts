import type { Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { AgentState } from './agent-state.ts'
import type { TurnDemand } from './demand.ts'

/** How one number of a plan came about. */
export interface Derivation {
  /** The number's name in the output: `turns/s`, `utilisation of agent slots`. */
  readonly figure: string
  readonly formula: string
  readonly inputs: readonly DerivationInput[]
  readonly result: number
  readonly unit: string
  /** The publication, or where in the file or the price list it comes from. */
  readonly source: string
  /** The formula holds for this workload without approximation; rounding on a grid aside. */
  readonly exact: boolean
}

export interface DerivationInput {
  readonly name: string
  readonly value: number
  readonly unit: string
}

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
