import { soldUnits } from '../../workload/quota-units.ts'

/** What one unit of input and one of output carry, in tokens a minute, and what either costs a day. */
export interface PairedUnit {
  readonly inputPerMinute: number
  readonly outputPerMinute: number
  readonly perDayUsd: number
}

/** How many units of either kind an offered load needs, and what all of them cost a day. */
export interface PairedUnits {
  readonly input: number
  readonly output: number
  readonly perDayUsd: number
}

const whole = { least: 1, step: 1 }

/**
 * Units of throughput that are bought apart for input and for output tokens, each rounded up by itself.
 *
 * Source: xAI's documentation of provisioned throughput, worked example.
 */
export function pairedUnits(inputPerMinute: number, outputPerMinute: number, unit: PairedUnit): PairedUnits {
  const input = soldUnits(inputPerMinute / unit.inputPerMinute, whole)
  const output = soldUnits(outputPerMinute / unit.outputPerMinute, whole)
  return { input, output, perDayUsd: (input + output) * unit.perDayUsd }
}
