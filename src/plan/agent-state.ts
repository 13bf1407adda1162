import type { InnerNetwork } from './inner-network.ts'
import type { SlotWait } from './slot-wait.ts'

/** The steady state of users, agent and model at one level. Rates are per millisecond of workload time. */
export interface AgentState {
  /** Turns that users send, those shed included. */
  readonly sentPerMs: number
  /** Turns that got a slot. */
  readonly admittedPerMs: number
  /** Share of sent turns shed at the agent's door. */
  readonly rejected: number
  /** Share of admitted turns that end for lack of quota. */
  readonly rateLimited: number
  /** By model: share of tries refused. */
  readonly refused: readonly number[]
  /** Model calls tried, by model, refused tries counted each. */
  readonly triesPerMs: readonly number[]
  /** Model calls admitted, by model. */
  readonly callsPerMs: readonly number[]
  /** Tries after a refusal, of an admitted turn. */
  readonly retriesPerTurn: number
  readonly inService: number
  readonly waiting: number
  readonly slots: number
  readonly wait: SlotWait
  readonly inner: InnerNetwork
  /** Share of the unrefused work that a turn does. */
  readonly work: number
  readonly retryMs: number
  /** Where open load has no steady state: the rate of sessions a second from which on. */
  readonly unstableFrom?: number
}
