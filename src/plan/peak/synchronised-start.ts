import type { MeterTerms } from '../../workload/quota-terms.ts'
import { minuteMs } from '../../workload/units.ts'

/** Agents that ask for the same at the same instant, as a fleet does that enters its planning phase at once. */
export interface SynchronisedStart {
  readonly agents: number
  /** What each asks of the limit, in its unit: tokens, weighted as it weighs them, or 1 request. */
  readonly each: number
  /** Time of a call, for limits on calls in flight. */
  readonly callMs: number
}

/** When the limit admits the agents of a synchronised start. */
export interface SynchronisedWait {
  /** Agents admitted in the first instant, and the others. */
  readonly atOnce: number
  readonly refused: number
  /** When the last is admitted if each waits exactly until there is room: spread over so long, none is refused. */
  readonly lastMs: number
  /** Mean wait of all agents. */
  readonly meanMs: number
}

/**
 * A fleet's first calls against a limit with nothing in use. A bucket gives the k-th agent room at (k·each − depth) ÷
 * fill; a window takes as many again when it starts again; slots when the calls before have ended. Infinity where not
 * even one call fits. A limit that lets its last call go over admits one more.
 */
export function synchronisedStart(meter: MeterTerms, start: SynchronisedStart): SynchronisedWait {
  const { agents, each, callMs } = start
  if (agents < 1) return { atOnce: 0, refused: 0, lastMs: 0, meanMs: 0 }
  if (meter.kind === 'bucket') return atBucket(meter, agents, each)
  return inRounds(
    Math.floor(meter.limit / each),
    agents,
    meter.kind === 'in-flight' ? callMs : meter.windowMs,
  )
}

function atBucket(
  { perMinute, depthMs }: Extract<MeterTerms, { kind: 'bucket' }>,
  agents: number,
  each: number,
): SynchronisedWait {
  const fillPerMs = perMinute / minuteMs
  const depth = (perMinute * depthMs) / minuteMs
  const atOnce = Math.min(agents, Math.floor(depth / each))
  const refused = agents - atOnce
  if (refused === 0) return { atOnce, refused, lastMs: 0, meanMs: 0 }
  if (atOnce === 0) return { atOnce, refused, lastMs: Infinity, meanMs: Infinity }
  const lastMs = (agents * each - depth) / fillPerMs
  const firstMs = ((atOnce + 1) * each - depth) / fillPerMs
  return { atOnce, refused, lastMs, meanMs: (refused * (firstMs + lastMs)) / 2 / agents }
}

function inRounds(places: number, agents: number, roundMs: number): SynchronisedWait {
  const atOnce = Math.min(agents, places)
  const refused = agents - atOnce
  if (refused === 0) return { atOnce, refused, lastMs: 0, meanMs: 0 }
  if (places < 1) return { atOnce, refused, lastMs: Infinity, meanMs: Infinity }
  const last = Math.ceil(agents / places) - 1
  // Rounds 0 … last − 1 are full; the rest begins in the last.
  const waited = (places * last * (last - 1)) / 2 + (agents - places * last) * last
  return { atOnce, refused, lastMs: last * roundMs, meanMs: (waited * roundMs) / agents }
}
