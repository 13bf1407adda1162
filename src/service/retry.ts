import type { Retries } from '../workload/workload.ts'

const longestBackoffMs = 8000
const usualJitter = 0.25
/** Clients believe a Retry-After up to here and no further. */
const longestRetryAfterMs = 60_000

/**
 * How long a client waits after its try number `attempt` (from 0) was rejected; Infinity when it gives up.
 * What the server said, NaN where it said nothing, is obeyed where the client honours it, else backoff doubles up to 8 s less its jitter, 25 % where not said.
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
