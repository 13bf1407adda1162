import { type PtuModel, soldUnits } from '../../workload/quota-units.ts'
import { type OfferedCalls, offeredTokensPerMinute } from './offered-tokens.ts'

/** How many PTUs (Azure provisioned throughput units) an offered load needs. */
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
