import type { Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'

/** One trial: cold start, `warmupMs` left out, `measuredMs` counted (workload time, not wall time). */
export interface Probe {
  readonly level: Level
  readonly seed: number
  readonly warmupMs: number
  readonly measuredMs: number
}

/** Anything that can answer a probe: algebra, the simulator, or real users on a real server. */
export type Runner = (probe: Probe, signal: AbortSignal) => Promise<Summary>
