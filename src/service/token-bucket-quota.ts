import type { Model, QuotaLimits } from '../workload/workload.ts'
import { termQuota } from './quotas/term-quota.ts'
import type { Demand, Quota, QuotaStatus, Usage } from './quota.ts'

const minuteMs = 60_000
/** Rounding of one bucket's arithmetic: who waits as long as told is admitted. */
const slack = 1e-9

/** Where each number of the state lives. What is left is stored, so that an all-zero array is empty at time 0. */
const requestsLeft = 0
const tokensLeft = 1
const refilledAtMs = 2
const stateLength = 3

/**
 * Requests and tokens a minute as two buckets that fill continuously, hold one minute's worth and start empty.
 * Tokens are charged input + `maxTokens` at admission and settled to input + output; a rejection costs nothing.
 * A call larger than a whole bucket can never be admitted and is told to wait for `Infinity`.
 */
class TokenBucketQuota implements Quota {
  readonly stateLength = stateLength
  readonly #requestsPerMinute: number
  readonly #tokensPerMinute: number
  readonly #state: Float64Array

  constructor(limits: QuotaLimits, state: Float64Array) {
    if (state.length < stateLength) throw new RangeError(`a quota's state takes ${stateLength} numbers`)
    this.#requestsPerMinute = limits.requestsPerMinute
    this.#tokensPerMinute = limits.tokensPerMinute
    this.#state = state
  }

  reset(atMs: number): void {
    this.#state[requestsLeft] = 0
    this.#state[tokensLeft] = 0
    this.#state[refilledAtMs] = atMs
  }

  admit(atMs: number, demand: Readonly<Demand>): number {
    this.#refill(atMs)
    const state = this.#state
    const tokens = demand.inputTokens + demand.maxTokens
    const requestsWaitMs = waitMs(this.#requestsPerMinute, state[requestsLeft]!, 1)
    const tokensWaitMs = waitMs(this.#tokensPerMinute, state[tokensLeft]!, tokens)
    if (requestsWaitMs > 0 || tokensWaitMs > 0) return Math.max(requestsWaitMs, tokensWaitMs)
    if (this.#requestsPerMinute < Infinity) state[requestsLeft]! -= 1
    if (this.#tokensPerMinute < Infinity) state[tokensLeft]! -= tokens
    return 0
  }

  generate(): number {
    return 0
  }

  settle(atMs: number, demand: Readonly<Demand>, usage: Readonly<Usage>): void {
    if (this.#tokensPerMinute === Infinity) return
    this.#refill(atMs)
    const reserved = demand.inputTokens + demand.maxTokens
    const used = usage.inputTokens + usage.outputTokens
    const left = this.#state[tokensLeft]! + reserved - used
    this.#state[tokensLeft] = Math.min(this.#tokensPerMinute, left)
  }

  level(atMs: number): number {
    this.#refill(atMs)
    return Math.max(
      inUse(this.#requestsPerMinute, this.#state[requestsLeft]!),
      inUse(this.#tokensPerMinute, this.#state[tokensLeft]!),
    )
  }

  status(atMs: number): readonly QuotaStatus[] {
    this.#refill(atMs)
    const status: QuotaStatus[] = []
    const add = (of: QuotaStatus['of'], limit: number, left: number): void => {
      if (limit === Infinity) return
      const remaining = Math.max(0, Math.floor(left + limit * slack))
      status.push({ of, limit, remaining, resetMs: ((limit - left) / limit) * minuteMs })
    }
    add('requests', this.#requestsPerMinute, this.#state[requestsLeft]!)
    add('tokens', this.#tokensPerMinute, this.#state[tokensLeft]!)
    return status
  }

  /** Time told by several callers may step back a little; a bucket's own time does not. */
  #refill(atMs: number): void {
    const state = this.#state
    const minutes = (atMs - state[refilledAtMs]!) / minuteMs
    if (!(minutes > 0)) return
    state[refilledAtMs] = atMs
    const requests = this.#requestsPerMinute
    const tokens = this.#tokensPerMinute
    if (requests < Infinity)
      state[requestsLeft] = Math.min(requests, state[requestsLeft]! + minutes * requests)
    if (tokens < Infinity) state[tokensLeft] = Math.min(tokens, state[tokensLeft]! + minutes * tokens)
  }
}

function waitMs(perMinute: number, left: number, need: number): number {
  if (perMinute === Infinity || need <= left + perMinute * slack) return 0
  if (need > perMinute) return Infinity
  return ((need - left) / perMinute) * minuteMs
}

const inUse = (limit: number, left: number): number =>
  limit === Infinity ? 0 : 1 - Math.max(0, left) / limit

/** A quota of requests and tokens a minute, empty at time 0; its state is its own unless one is given to share. */
export function tokenBucketQuota(
  limits: QuotaLimits,
  state: Float64Array = new Float64Array(stateLength),
): Quota {
  return new TokenBucketQuota(limits, state)
}

/** The quota that a model's calls are held to; `undefined` where its file sets no limit. */
export function quotaOf(model: Model, state?: Float64Array): Quota | undefined {
  const limits = model.quota
  if (limits && 'terms' in limits) return termQuota(limits.terms, limits.overLimit, state)
  if (!limits || (limits.requestsPerMinute === Infinity && limits.tokensPerMinute === Infinity))
    return undefined
  return tokenBucketQuota(limits, state)
}
