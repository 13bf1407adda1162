import type { Distribution } from '../stats/distribution.ts'
import type { ModelInput } from './workload.ts'

/** Connections that a worker keeps open; a call waits for a free one. `Infinity`: no limit. */
export interface Connections {
  readonly model: number
  readonly tools: number
}

/** Where sessions are kept: each load and each save is one operation. */
export interface StateStore {
  readonly latency: Distribution
  /** Operations at once; others wait in order. `Infinity`: no limit. */
  readonly capacity: number
  /** Share of operations that fail, and their turns with them. */
  readonly failure: number
}

/** Who goes first in the line before the slots, and who is shed when it is full. */
export interface AdmissionRule {
  readonly order: 'fifo' | 'priority' | 'lifo'
  /** `newest`: whoever comes last; `lowest`: whoever came last among those of the lowest priority. */
  readonly shed: 'newest' | 'lowest'
}

/**
 * A breaker for each worker and service: it opens when of the last `calls` calls the share `failures` or more failed,
 * refuses everything for `openForMs`, then lets one call through to see.
 */
export interface Breakers {
  readonly failures: number
  readonly calls: number
  readonly openForMs: number
}

/** While more than the share `above` of the slots is in use, turns of a priority below `below` get at most `steps`. */
export interface DegradeRule {
  readonly above: number
  readonly steps: number
  /** `Infinity`: every turn. */
  readonly below: number
}

/** Servers come and go with the load: every `everyMs` one is started or stopped, by the share of slots in use since. */
export interface Scale {
  readonly from: number
  readonly to: number
  /** From the decision to the first turn. */
  readonly startupMs: number
  readonly above: number
  readonly below: number
  readonly everyMs: number
}

/** A server fails, its turns with it, and comes back. Milliseconds. */
export interface ServerFailures {
  /** From its start, or from its last return. */
  readonly every: Distribution
  readonly down: Distribution
}

/** Where calls go that a model does not serve. */
export interface Fallback {
  /** Index into `Workload.models`. */
  readonly to: number
  /** `refused`: when the last try has failed; `overQuota`: also at once when the quota is used up. */
  readonly when: 'refused' | 'overQuota'
}

/** A share of turns and the model that they ask. */
export interface ModelShare {
  /** Index into `Workload.models`. */
  readonly model: number
  readonly share: number
}

/** An agent used as a tool: a call of it is a loop of its own. */
export interface Subagent {
  readonly depth: Distribution
  /** Index into `Workload.models`. */
  readonly model: number
  /** Indices into `Workload.tools`. */
  readonly tools: readonly number[]
  readonly input: ModelInput
  readonly output: Distribution
}
