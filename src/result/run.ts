import type { Brief } from './brief.ts'
import type { Origin } from '../workload/workload.ts'
import type { BacklogPlan } from './backlog-plan.ts'
import type { Capacity } from './capacity.ts'
import type { CapacityDifference } from './capacity-difference.ts'
import type { Derivation } from './derivation.ts'
import type { Differences } from './differences.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { PeakPlan } from './peak-plan.ts'
import type { PhonePlan } from './phone-plan.ts'
import type { QuotaEffects } from './quota-effects.ts'
import type { Summary } from './summary.ts'
import type { Sweep } from './sweep.ts'

/** The machine of a run and what shared it. */
export interface Machine {
  readonly cpuModel: string
  readonly cores: number
  readonly memoryBytes: number
  readonly platform: string
  readonly node: string
  readonly sharedWith: readonly string[]
}

/** `run.json`: everything a report needs. No text, host or token of the target. */
export interface Run {
  readonly format: 1
  readonly runId: string
  readonly version: string
  readonly startedAt: string
  readonly endedAt?: string
  readonly command: string
  readonly workload: {
    readonly name: string
    readonly hash: string
    readonly file?: string
    readonly inputs: InputCount
    /** Where each input comes from, by its path in the file. */
    readonly origins?: Readonly<Record<string, Origin>>
  }
  /** Objectives of the command line, besides those of the file. */
  readonly thresholds?: readonly string[]
  readonly machine: Machine
  readonly speed: number
  /** One for each engine that answered a single level. */
  readonly summaries: readonly Summary[]
  /** One for each engine that answered the capacity question. */
  readonly capacities: readonly Capacity[]
  /** What calls by telephone need, where the file has any and they were planned. */
  readonly phone?: PhonePlan
  /** Where a second variant was run beside the first. */
  readonly differences?: Differences
  /** Where the capacity was looked for on two systems in turn: the second, held against the one in `capacities`. */
  readonly against?: CapacityDifference
  /** What the day, a burst or a common start mean, where the file writes them. */
  readonly peak?: PeakPlan
  /** What the way in which the quotas count costs at the capacity. */
  readonly quotaEffects?: readonly QuotaEffects[]
  /** What was asked of a plan besides: the page in plain words, sweeps of fields, how its figures came about. */
  readonly brief?: Brief
  readonly sweeps?: readonly Sweep[]
  readonly derivations?: readonly Derivation[]
  /** The shopping list, where a plan was asked for a number of users. */
  readonly fleet?: Fleet
  /** How long the work that waits takes, where the file has any. */
  readonly backlog?: BacklogPlan
  readonly verdict: readonly VerdictLine[]
  /** Of a run that was stopped early. */
  readonly interrupted?: boolean
  readonly notes: readonly string[]
}

/** How many inputs of the file come from where. */
export interface InputCount {
  readonly given: number
  readonly preset: number
  readonly measured: number
  readonly guessed: number
}

/** `what breaks first` | `model quota, 450k tokens/min: ...`; the headline has an empty label. */
export interface VerdictLine {
  readonly label: string
  readonly text: string
}
