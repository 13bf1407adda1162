import type { MeasuredSink } from '../result/records.ts'
import type { SoakLimits } from '../result/soak.ts'
import type { Level } from '../workload/level.ts'
import type { Muster } from './crew.ts'
import type { Proxies } from './driver.ts'
import type { CallDriverName } from './drivers/call-driver-names.ts'
import type { DriverName } from './drivers/drivers.ts'
import type { LoadProgress } from './load-result.ts'
import type { Script } from './script/script.ts'
import type { ServerSample } from './server-meter.ts'
import type { Stages } from './stages.ts'

/** One load test. Durations are workload time. */
export type LoadOptions = LoadShape & {
  /** Base URL of the agent under test. */
  readonly target: string
  /** With a driver of calls the file's callers call, at an open level. */
  readonly driver: DriverName | CallDriverName
  readonly warmupMs: number
  readonly seed: number
  /** Time compression; 1 is real time. */
  readonly speed: number
  readonly runId: string
  /** The simulated provider behind the agent, for the other half of what happened. */
  readonly providerAdminUrl?: string
  readonly adminToken?: string
  /** Whether messages end with a mark that names their turn: it joins both sides and defeats answer caches. */
  readonly marker: 'suffix' | 'none'
  /** Receives every record: turns as they end, calls as they are fetched. */
  readonly sink?: MeasuredSink
  readonly onProgress?: (progress: LoadProgress) => void
  /** A turn without an answer fails after this long. Default: ten minutes. */
  readonly turnTimeoutMs?: number
  /** At the end, turns in flight may go on for this long before they are cut; wall time. Default: a second, two after
   * an interrupt. */
  readonly graceMs?: number
  /** What the agent's processes use, where it was started by us. */
  readonly agentSample?: () => Promise<ServerSample>
  /** Looks at what each closed session leaves behind in the agent's processes. */
  readonly soak?: SoakLimits
  /** Cores that the agent can use. Default: 1. */
  readonly agentCores?: number
  /** Of open arrivals those beyond so many sessions at once are turned away. */
  readonly maxUsers?: number
  /** No turn begins beyond so many, warm-up included. */
  readonly maxTurns?: number
  /** No turn begins that could take the dollars spent beyond this. */
  readonly maxSpendUsd?: number
  /** Dollars of a turn of which the target tells no usage. */
  readonly turnUsd?: number
  /** Ends an open run whose turns pile up: the target does not keep up, and never will. */
  readonly stopOnSaturation?: boolean
  /** What stands between this machine and others. */
  readonly proxies?: Proxies
  /** Hosts beyond this machine that may be loaded. */
  readonly allowTargets?: readonly string[]
  /** Lets threads play the users; in this one where absent. They read scripts themselves. */
  readonly muster?: Muster
  /** What users do instead of the file's turns, by scenario. */
  readonly scripts?: readonly (Script | undefined)[]
}

/** A steady level, reached over `rampMs`, or stages whose lengths add up to the whole run. */
export type LoadShape =
  | {
      readonly level: Level
      readonly measuredMs: number
      readonly rampMs?: number
      readonly stages?: undefined
    }
  | {
      readonly stages: Stages
      readonly level?: undefined
      readonly measuredMs?: number
      readonly rampMs?: undefined
    }
