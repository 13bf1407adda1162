import type { Distribution } from '../stats/distribution.ts'

/** Whether a value of a workload is a distribution. */
export function isDistribution(value: unknown): value is Distribution {
  return typeof value === 'object' && value !== null && 'quantile' in value
}
