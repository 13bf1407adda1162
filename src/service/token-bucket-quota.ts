import type { Model, QuotaLimits } from '../workload/workload.ts'
import { minuteMs } from '../workload/units.ts'
import { slackShare } from './quotas/meter.ts'
import { termQuota } from './quotas/term-quota.ts'
import type { Demand, Quota, QuotaStatus, Usage } from './quota.ts'

/** The two limits. What is left of each stands first in the state, so that an all-zero array is empty at time 0. */
const requests = 0
const tokens = 1
const both = [requests, tokens] as const
const refilledAtMs = 2
const stateLength = 3

/**
 * Requests and tokens a minute as two buckets that fill continuously, hold one minute's worth and start empty.
 * Tokens are charged input + `maxTokens` at admission and settled to input + output; a rejection costs nothing.
 * A call larger than a whole bucket can never be admitted and is told to wait for `Infinity`.
 */
class TokenBucketQuota implements Quota {
  readonly stateLength = stateLength
  /** By limit. */
  readonly #perMinute: Float64Array
  readonly #state: Float64Array
  #atMs = NaN

  constructor({ requestsPerMinute, tokensPerMinute }: QuotaLimits, state: Float64Array) {
    if (state.length < stateLength) throw new RangeError(`a quota's state takes ${stateLength} numbers`)
    this.#perMinute = Float64Array.of(requestsPerMinute, tokensPerMinute)
    this.#state = state
  }

  at(atMs: number): this {
    this.#atMs = atMs
    return this
  }

  reset(): void {
    this.#state[requests] = 0
    this.#state[tokens] = 0
    this.#state[refilledAtMs] = this.#atMs
  }

  admit(demand: Readonly<Demand>): number {
    this.#refill()
    const needed = demand.inputTokens + demand.maxTokens
    const waitMs = Math.max(this.#waitMs(requests, 1), this.#waitMs(tokens, needed))
    if (waitMs > 0) return waitMs
    if (this.#perMinute[requests]! < Infinity) this.#state[requests]! -= 1
    if (this.#perMinute[tokens]! < Infinity) this.#state[tokens]! -= needed
    return 0
  }

  generate(): number {
    return 0
  }

  settle(demand: Readonly<Demand>, usage: Readonly<Usage>): void {
    if (this.#perMinute[tokens] === Infinity) return
    this.#refill()
    const reserved = demand.inputTokens + demand.maxTokens
    const used = usage.inputTokens + usage.outputTokens
    const left = this.#state[tokens]! + reserved - used
    this.#state[tokens] = Math.min(this.#perMinute[tokens]!, left)
  }

  level(): number {
    this.#refill()
    return Math.max(...both.map((limit) => this.#inUse(limit)))
  }

  status(): readonly QuotaStatus[] {
    this.#refill()
    return both
      .filter((limit) => this.#perMinute[limit]! < Infinity)
      .map((limit) => {
        const [perMinute, left] = [this.#perMinute[limit]!, this.#state[limit]!]
        const remaining = Math.max(0, Math.floor(left + perMinute * slackShare))
        const resetMs = ((perMinute - left) / perMinute) * minuteMs
        return { of: limit === requests ? 'requests' : 'tokens', limit: perMinute, remaining, resetMs }
      })
  }

  /** Time told by several callers may step back a little; a bucket's own time does not. */
  #refill(): void {
    const state = this.#state
    const minutes = (this.#atMs - state[refilledAtMs]!) / minuteMs
    if (!(minutes > 0)) return
    state[refilledAtMs] = this.#atMs
    for (let limit = requests; limit <= tokens; limit++) {
      const perMinute = this.#perMinute[limit]!
      if (perMinute < Infinity) state[limit] = Math.min(perMinute, state[limit]! + minutes * perMinute)
    }
  }

  #waitMs(limit: number, needed: number): number {
    const perMinute = this.#perMinute[limit]!
    const left = this.#state[limit]!
    if (perMinute === Infinity || needed <= left + perMinute * slackShare) return 0
    if (needed > perMinute) return Infinity
    return ((needed - left) / perMinute) * minuteMs
  }

  #inUse(limit: number): number {
    const perMinute = this.#perMinute[limit]!
    return perMinute === Infinity ? 0 : 1 - Math.max(0, this.#state[limit]!) / perMinute
  }
}

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
