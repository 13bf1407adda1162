import type { RealClock } from '../clock/edge/real-clock.ts'
import type { Epoch } from './epoch.ts'
import type { Faults } from './faults.ts'
import type { LiveCalls } from './live-calls.ts'

/** What every face of the provider stands on. */
export interface Face {
  /** The one that is on: a face reads it once for each request. */
  readonly epoch: Epoch
  readonly clock: RealClock
  readonly live: LiveCalls
  /** Played on purpose; they outlast a reset. */
  readonly faults: Faults
  /** Names of tools that any scenario or sub-agent may call. */
  readonly listed: ReadonlySet<string>
  /** An id that no other answer has; each API puts its prefix before it. */
  nextId(): string
}
