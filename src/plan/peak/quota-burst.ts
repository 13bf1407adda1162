import { type QuotaTerm, reservedBy, termName } from '../../workload/quota-terms.ts'
import { burstAbsorbedMs } from '../quota-sizing/burst-absorbed.ts'

/** Calls alike that come evenly, so many a second, from a moment at which no limit has anything in use. */
export interface CallBurst {
  readonly callsPerSecond: number
  readonly inputTokens: number
  readonly cachedTokens: number
  /** 0 where the requests do not say. */
  readonly maxTokens: number
}

/** How much of a burst a provider's limits take before they refuse. */
export interface BurstAbsorbed {
  /** Until the first call is refused; Infinity where none ever is. */
  readonly absorbedMs: number
  /** Calls admitted by then. */
  readonly calls: number
  /** The limit that refuses, such as `tokens`; absent where none does. */
  readonly binding?: string
}

/**
 * How long a provider's limits take a burst, each by what it charges at admission: reservations count whole, and calls
 * are taken not to end before it is over, so nothing is given back. Output that is charged only as it is made is not
 * seen.
 */
export function quotaBurst(terms: readonly QuotaTerm[], burst: CallBurst): BurstAbsorbed {
  let first: { readonly ms: number; readonly term: QuotaTerm } | undefined
  for (const term of terms) {
    const ms = termAbsorbsMs(term, burst)
    if (ms < (first?.ms ?? Infinity)) first = { ms, term }
  }
  if (!first) return { absorbedMs: Infinity, calls: Infinity }
  // A hair more, so that what divides evenly is not one less for the last bit.
  const calls = Math.floor((first.ms * burst.callsPerSecond) / 1000 + 1e-9)
  return { absorbedMs: first.ms, calls, binding: termName(first.term) }
}

function termAbsorbsMs(term: QuotaTerm, burst: CallBurst): number {
  const perSecond = burst.callsPerSecond * reservedBy(term, burst)
  if (perSecond <= 0) return Infinity
  const { meter } = term
  return meter.kind === 'in-flight' ? (meter.limit * 1000) / perSecond : burstAbsorbedMs(meter, perSecond)
}
