import type { Distribution } from '../stats/distribution.ts'

/** What users do beside sending and waiting. Shares are of turns; times are milliseconds. */
export interface Behaviour {
  /** The connection is dropped so long after the first text; the same message is sent again after `reconnect`. */
  readonly disconnect?: {
    readonly share: number
    readonly after: Distribution
    readonly reconnect?: Distribution
  }
  /** Nothing is read for this long, from the first text on: a slow phone, a laptop that sleeps. */
  readonly stall?: { readonly share: number; readonly for: Distribution }
  /** The same message once more, this long after the first: an impatient finger. */
  readonly doubleSend?: { readonly share: number; readonly after: Distribution }
  /** What a client does about 429 and 503: so many more attempts, the wait doubling, or as Retry-After says. */
  readonly retry?: {
    readonly attempts: number
    readonly backoff: Distribution
    readonly honourRetryAfter: boolean
  }
}
