import type { ProvisionedUnit } from '../../workload/quota-units.ts'

/** What is asked of a provisioned deployment. */
export interface OfferedCalls {
  readonly callsPerMinute: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Share of the input that comes from the prompt cache. */
  readonly cachedShare: number
}

/** Tokens a minute in the unit's own: input that is not cached, and the rest by its weight. */
export function offeredTokensPerMinute(
  offered: OfferedCalls,
  { cachedWeight, outputWeight }: Pick<ProvisionedUnit, 'cachedWeight' | 'outputWeight'>,
): number {
  const { callsPerMinute, inputTokens, outputTokens, cachedShare } = offered
  const input = inputTokens * (1 - cachedShare + cachedShare * cachedWeight)
  return callsPerMinute * (input + outputWeight * outputTokens)
}
