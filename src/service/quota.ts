import type { QuotaUnit } from '../workload/quota-terms.ts'

/** What a call asks for at admission. Tokens; `maxTokens` is 0 when the request does not say. */
export interface Demand {
  inputTokens: number
  cachedTokens: number
  maxTokens: number
}

/** What it turned out to use. */
export interface Usage {
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  /** When it was admitted, where known: a window that is over gives nothing back. */
  admittedAtMs?: number
  /** Those of the output tokens that `generate` was told of already; none where not said. */
  generatedTokens?: number
}

/**
 * A provider's limit as a state machine that is told the time. All state lives in a Float64Array given to it, so
 * that several provider workers can share it; a fresh (all-zero) array after `reset` is an empty quota at that time.
 */
export interface Quota {
  /** Number of Float64 the state takes. */
  readonly stateLength: number
  /** The instant that the question after it is asked at: `quota.at(atMs).admit(demand)`. Noted for this caller alone. */
  at(atMs: number): Quota
  reset(): void
  /**
   * 0: admitted. Above 0: milliseconds until it is worth asking again. Below 0: served outside the quota, as a
   * spillover to pay-as-you-go; such a call is not settled.
   */
  admit(demand: Readonly<Demand>): number
  /** Live output limits: 0 to go on, milliseconds to pause, Infinity to stop. */
  generate(tokens: number): number
  /** An admitted call has ended: what was reserved becomes what was used. */
  settle(demand: Readonly<Demand>, usage: Readonly<Usage>): void
  /** Share of the limit in use, 0 (idle) to 1 (full). */
  level(): number
  /** For headers: what is left and when it is whole again. */
  status(): readonly QuotaStatus[]
}

/** One unit's tightest limit as a provider's headers tell it; `resetMs`: milliseconds until nothing of it is in use. */
export interface QuotaStatus {
  readonly of: QuotaUnit
  readonly limit: number
  readonly remaining: number
  readonly resetMs: number
}
