import { hoursPerMonth } from '../../workload/unit-prices.ts'
import type { UnitSteps } from '../../workload/quota-units.ts'

/** What the same calls cost by the call and by the unit. */
export interface BreakEvenInput {
  /** Pay-as-you-go, of one call. */
  readonly perCallUsd: number
  readonly perUnitMonthUsd: number
  /** Calls a minute that one unit carries. */
  readonly callsPerMinutePerUnit: number
  readonly steps: UnitSteps
  /** Units are bought for the peak and calls are paid by the average. */
  readonly peakToAverage?: number
}

/** From where on units cost no more than pay-as-you-go. */
export interface BreakEven {
  /** What a unit must be used for, on average, to cost no more than the same calls at pay-as-you-go. */
  readonly utilisation: number
  /** Average calls a minute from which the smallest purchase pays; absent where no load makes units pay. */
  readonly paysFromCallsPerMinute?: number
  /** Average calls a minute from which units pay at every load, the next step just bought too. */
  readonly alwaysPaysFromCallsPerMinute?: number
}

/** Of a month on a bill. */
export const minutesPerMonth = hoursPerMonth * 60

/**
 * The load from which provisioned units cost no more than pay-as-you-go. A purchase of n units pays from
 * n × price ÷ (price of a call × minutes) calls a minute on, and carries n × calls ÷ peak: the one lies below the other
 * for every n or for none. Past what n carry, the next step must pay at once for units to pay at every higher load.
 */
export function breakEven(input: BreakEvenInput): BreakEven {
  const { perCallUsd, perUnitMonthUsd, callsPerMinutePerUnit, steps, peakToAverage = 1 } = input
  const callsToPayUnit = perUnitMonthUsd / (perCallUsd * minutesPerMonth)
  const utilisation = callsToPayUnit / callsPerMinutePerUnit
  const atPeak = utilisation * peakToAverage
  if (!(atPeak <= 1)) return { utilisation }
  const paysFromCallsPerMinute = steps.least * callsToPayUnit
  // (n + step) units pay at the load that n units carry: (n + step) × atPeak ≤ n.
  const safe = (steps.step * atPeak) / (1 - atPeak)
  if (!Number.isFinite(safe)) return { utilisation, paysFromCallsPerMinute }
  const units = steps.least + Math.max(0, Math.ceil((safe - steps.least) / steps.step - 1e-9)) * steps.step
  return { utilisation, paysFromCallsPerMinute, alwaysPaysFromCallsPerMinute: units * callsToPayUnit }
}
