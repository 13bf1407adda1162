import type { Model } from '../workload/workload.ts'
import type { ModelDemand } from './demand.ts'

/** What one model's calls ask of its quota, in requests and in tokens. */
export interface QuotaLoad {
  /** Tries of calls a minute, refused ones too. */
  readonly triesPerMinute: number
  /** Calls in flight. */
  readonly inFlight: number
}

/**
 * Share of tries that a bucket refuses. The bucket's deficit is a workload with a finite room: with offered load ρ
 * and a room worth K mean calls the loss is (1 − ρ)·ρ^K ÷ (1 − ρ^(K+1)), that of M/M/1/K, whose K is scaled to the
 * spread of the calls' sizes (a diffusion between two barriers has the same form; exact for neither). It
 * is negligible below ρ ≈ 0.97 for a bucket of a minute, and tends to 1 − 1/ρ above 1: a cliff.
 */
export function refusedShare(offered: number, limit: number, roomInCalls: number): number {
  if (!Number.isFinite(limit) || offered <= 0) return 0
  const load = offered / limit
  const room = Math.max(0, roomInCalls)
  if (Math.abs(load - 1) < 1e-9) return 1 / (room + 1)
  if (load < 1) return ((1 - load) * load ** room) / (1 - load ** (room + 1))
  const inverse = 1 / load
  return (1 - inverse) / (1 - inverse ** (room + 1))
}

/** Refused share of a model's tries under both its limits. */
export function quotaRefusal(model: Model, demand: ModelDemand, load: QuotaLoad): number {
  const quota = model.quota
  if (!quota || demand.calls === 0) return 0
  const reserved = demand.reservedTokens / demand.calls
  const settled = demand.settledTokens / demand.calls
  // Calls in flight hold back what they reserved and will not use.
  const heldBack = load.inFlight * Math.max(0, reserved - settled)
  const room = Math.max(0, quota.tokensPerMinute - heldBack - reserved) / settled
  const requests = refusedShare(load.triesPerMinute, quota.requestsPerMinute, quota.requestsPerMinute)
  const tokens = refusedShare(load.triesPerMinute * settled, quota.tokensPerMinute, room)
  return Math.max(requests, tokens)
}

/** How long a refused call is told to wait: until the bucket has refilled by one call. */
export function retryAfterMs(model: Model, demand: ModelDemand): number {
  const quota = model.quota
  if (!quota || demand.calls === 0) return 0
  const reserved = demand.reservedTokens / demand.calls
  return Math.max(60_000 / quota.requestsPerMinute, (60_000 * reserved) / quota.tokensPerMinute)
}
