import { formatCount } from '../result/figure-text.ts'
import type { ServiceUse } from '../result/summary.ts'

/** `5 cores`, `1 core`, `450k tokens/min`. */
export function limitText({ limit, unit }: Pick<ServiceUse, 'limit' | 'unit'>): string {
  if (limit === null || !Number.isFinite(limit)) return `no limit in ${unit}`
  return `${formatCount(limit)} ${limit === 1 ? unit.replace(/^(turn|call|core|session)s\b/, '$1') : unit}`
}
