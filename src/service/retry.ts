import type { Retries } from '../workload/workload.ts'

// As the official clients of OpenAI and Anthropic wait (`calculateDefaultRetryTimeoutMillis` of `openai` 7).
const longestBackoffMs = 8000
const usualJitter = 0.25
/** A longer Retry-After is not believed, as in the client of OpenAI; that of Anthropic waits as long as it is told. */
const longestRetryAfterMs = 60_000

/**
 * Milliseconds that a client waits after its try number `attempt` (from 0) was refused; Infinity when it gives up.
 * `retryAfterMs` is what the server said, NaN where it said nothing: it counts where the client honours it. Otherwise the
 * wait is `backoffMs × 2^attempt`, at most 8 s, less up to the share `jitter` of it (25 % where the file does not say) as
 * `uniform` draws it.
 */
export function retryDelayMs(
  retries: Retries,
  attempt: number,
  retryAfterMs: number,
  uniform: number,
): number {
  if (attempt >= retries.attempts) return Infinity
  const believable = retryAfterMs >= 0 && retryAfterMs <= longestRetryAfterMs
  if (retries.honourRetryAfter && believable) return retryAfterMs
  return (
    Math.min(retries.backoffMs * 2 ** attempt, longestBackoffMs) *
    (1 - (retries.jitter ?? usualJitter) * uniform)
  )
}
