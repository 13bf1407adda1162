import { type GsuModel, soldUnits, vertexWindowMs } from '../../workload/quota-units.ts'
import { minuteMs } from '../../workload/units.ts'
import { type OfferedCalls, offeredTokensPerMinute } from './offered-tokens.ts'

/** How many GSUs (Vertex AI scale units) an offered load needs. */
export interface GsuSize {
  readonly tokensPerMinute: number
  /** Units before rounding. */
  readonly units: number
  /** To buy. */
  readonly sold: number
  /** How long Vertex counts at this size, and what fits in. */
  readonly windowMs: number
  readonly windowTokens: number
}

/** Vertex provisioned throughput: weighted tokens over what one unit carries, up to whole units of at least the minimum. */
export function gsuSizing(offered: OfferedCalls, model: GsuModel): GsuSize {
  const tokensPerMinute = offeredTokensPerMinute(offered, model)
  const units = tokensPerMinute / model.inputPerMinute
  const sold = soldUnits(units, { least: model.least, step: 1 })
  return { tokensPerMinute, units, sold, ...gsuWindow(sold, model) }
}

/** Units × tokens × window. Google Cloud, Use Provisioned Throughput: larger sizes count over shorter windows. */
export function gsuWindow(
  units: number,
  { inputPerMinute }: Pick<GsuModel, 'inputPerMinute'>,
): { windowMs: number; windowTokens: number } {
  const windowMs = vertexWindowMs(units)
  return { windowMs, windowTokens: (units * inputPerMinute * windowMs) / minuteMs }
}
