import type { Demand, QuotaStatus } from '../service/quota.ts'
import type { OpenAiError } from '../wire/openai-error.ts'
import type { Headers } from './spoken-api.ts'

/** The request's id and what is left of a quota, as OpenAI names them. Times are the wall's. */
export function openAiHeaders(requestId: string, left: readonly QuotaStatus[], speed: number): Headers {
  const limits = left.flatMap(({ of, limit, remaining, resetMs }) => [
    [`x-ratelimit-limit-${of}`, String(limit)],
    [`x-ratelimit-remaining-${of}`, String(remaining)],
    [`x-ratelimit-reset-${of}`, durationText(resetMs / speed)],
  ])
  return { 'x-request-id': requestId, ...Object.fromEntries(limits) }
}

/** When to try again, `waitMs` being workload time; a call that can never be admitted says that it is not worth it. */
export function retryHeaders(waitMs: number, speed: number, inSeconds = false): Headers {
  if (waitMs === Infinity) return { 'x-should-retry': 'false' }
  const wallMs = Math.max(1, Math.ceil(waitMs / speed))
  const seconds = { 'retry-after': String(Math.ceil(wallMs / 1000)) }
  return inSeconds ? seconds : { 'retry-after-ms': String(wallMs), ...seconds }
}

/** A call that a quota does not admit now. */
export interface RefusedDemand {
  /** Name of the model. */
  readonly model: string
  readonly demand: Readonly<Demand>
  /** What is left of the quota. */
  readonly status: readonly QuotaStatus[]
  /** Workload milliseconds until the quota would admit it; `Infinity`: never. */
  readonly waitMs: number
  readonly speed: number
}

/** The refusal of a call, in OpenAI's words. */
export function rateLimitError({ model, demand, status, waitMs, speed }: RefusedDemand): OpenAiError {
  const requested = demand.inputTokens + demand.maxTokens
  const requests = status.find(({ of }) => of === 'requests')
  const tokens =
    status.find(({ of, remaining }) => of !== 'requests' && remaining < requested) ??
    status.find(({ of }) => of !== 'requests')
  const byTokens =
    tokens !== undefined && (requested > tokens.remaining || !requests || requests.remaining > 0)
  const { limit, remaining } = (byTokens ? tokens : requests)!
  const of = byTokens ? 'tokens per min (TPM)' : 'requests per min (RPM)'
  const error = {
    status: 429,
    type: byTokens ? 'tokens' : 'requests',
    param: null,
    code: 'rate_limit_exceeded',
  }
  const numbers = `Limit ${limit}, Used ${limit - remaining}, Requested ${byTokens ? requested : 1}`
  if (waitMs === Infinity) {
    const message = `Request too large for ${model} on ${of}: ${numbers}. It can never be admitted: shorten it or lower max_tokens.`
    return { ...error, message }
  }
  const message = `Rate limit reached for ${model} on ${of}: ${numbers}. Please try again in ${durationText(waitMs / speed)}.`
  return { ...error, message }
}

/** `17ms`, `1.5s`, `6m0s`. */
export function durationText(ms: number): string {
  const whole = Math.ceil(ms)
  if (whole < 1000) return `${whole}ms`
  const seconds = Math.ceil(ms / 10) / 100
  if (seconds < 60) return `${seconds}s`
  const rounded = Math.ceil(seconds)
  const minutes = Math.floor(rounded / 60)
  const hours = Math.floor(minutes / 60)
  return `${hours > 0 ? `${hours}h` : ''}${minutes % 60}m${rounded % 60}s`
}
