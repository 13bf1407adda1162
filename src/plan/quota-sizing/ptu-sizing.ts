import type { PtuModel, UnitSteps } from '../../workload/quota-units.ts'
import { type OfferedCalls, offeredTokensPerMinute } from './offered-tokens.ts'

export interface PtuSize {
  /** Input-equivalent tokens a minute. */
  readonly tokensPerMinute: number
  /** Units before rounding. */
  readonly units: number
  /** To buy, for Global and Data Zone deployments. */
  readonly zone: number
  /** To buy, for regional deployments. */
  readonly regional: number
}

/**
 * Azure provisioned throughput: (input × (1 − cached share) + weight × output) a minute, over what one unit carries,
 * up to the next unit that is sold. Microsoft Foundry, Determine PTU requirements for a workload, 21 May 2026.
 */
export function ptuSizing(offered: OfferedCalls, model: PtuModel): PtuSize {
  const tokensPerMinute = offeredTokensPerMinute(offered, model)
  const units = tokensPerMinute / model.inputPerMinute
  return {
    tokensPerMinute,
    units,
    zone: soldUnits(units, model.zone),
    regional: soldUnits(units, model.regional),
  }
}

/** The next number of units that is sold; none are needed where nothing is asked. */
export function soldUnits(units: number, { least, step }: UnitSteps): number {
  if (units <= 0) return 0
  // 110.00000000000001 is 110.
  const steps = Math.ceil((units - least) / step - 1e-9)
  return least + Math.max(0, steps) * step
}
