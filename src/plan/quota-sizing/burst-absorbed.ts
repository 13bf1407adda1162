import type { MeterTerms } from '../../workload/quota-terms.ts'
import { minuteMs } from '../../workload/units.ts'

/**
 * How long a limit with nothing in use takes a burst of so many (weighted) tokens a second before it refuses;
 * `Infinity` when it always does. A full bucket refills meanwhile; a window counts from its start.
 */
export function burstAbsorbedMs(meter: MeterTerms, tokensPerSecond: number): number {
  if (tokensPerSecond <= 0 || meter.kind === 'in-flight') return Infinity
  const perMs = tokensPerSecond / 1000
  if (meter.kind === 'bucket') {
    const fillPerMs = meter.perMinute / minuteMs
    return perMs <= fillPerMs ? Infinity : (fillPerMs * meter.depthMs) / (perMs - fillPerMs)
  }
  return perMs * meter.windowMs <= meter.limit ? Infinity : meter.limit / perMs
}
