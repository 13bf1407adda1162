import type { Distribution } from '../stats/distribution.ts'
import type { Model, Workload } from '../workload/workload.ts'

/** `model`, or `models.<key>` where the file has several. */
export function modelPath(workload: Workload, model: Model): string {
  return workload.models.length === 1 && model.key === 'model' ? 'model' : `models.${model.key}`
}

/** A count as the file writes it: `450k`, `2M`, `500`. */
export function countText(value: number): string {
  if (value >= 1e6 && value % 1e5 === 0) return `${value / 1e6}M`
  if (value >= 1e4 && value % 100 === 0) return `${value / 1e3}k`
  return String(value)
}

/**
 * The words of a scaled distribution: every number that carries the unit is scaled, shares and coefficients of
 * variation stay. `lognormal(mean 120 cv 0.6)` at 0.75 is `lognormal(mean 90 cv 0.6)`.
 */
export function scaledText(distribution: Distribution, factor: number): string {
  const text = String(distribution)
  if (text.startsWith('{') || text.startsWith('trace')) return `${tidy(factor)} × ${text}`
  return text.replaceAll(
    /(cv |p)?(?<![\w.])(\d+(?:\.\d+)?)/g,
    (whole, before: string | undefined, number: string) =>
      before === 'cv ' ? whole : (before ?? '') + tidy(Number(number) * factor),
  )
}

const tidy = (value: number): string => String(Number(value.toPrecision(4)))
