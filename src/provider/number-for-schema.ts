import type { JsonObject } from '../wire/request-fields.ts'

/** A number that the bounds allow, near to 1 where they do. */
export function numberForSchema(schema: JsonObject, whole: boolean): number {
  const step = stepOf(schema, whole)
  const above = boundOf(schema['exclusiveMinimum']) ?? -Infinity
  const below = boundOf(schema['exclusiveMaximum']) ?? Infinity
  const low = Math.max(boundOf(schema['minimum']) ?? -Infinity, above)
  const high = Math.min(boundOf(schema['maximum']) ?? Infinity, below)
  if (step === undefined) {
    if (low < 1 && high > 1) return 1
    if (low > -Infinity && high < Infinity) return (low + high) / 2
    return low > -Infinity ? low + 1 : high - 1
  }
  const near = Math.min(Math.max(1, low), high)
  const candidates = [
    Math.ceil(near / step),
    Math.ceil(near / step) + 1,
    Math.floor(near / step),
    Math.floor(near / step) - 1,
  ]
  const fits = candidates
    .map((count) => count * step)
    .find((value) => value >= low && value <= high && value > above && value < below)
  return (fits ?? near) + 0
}

/** What its numbers are multiples of. */
export function stepOf(schema: JsonObject, whole: boolean): number | undefined {
  const bound = boundOf(schema['multipleOf'])
  return bound !== undefined && bound > 0 ? bound : whole ? 1 : undefined
}

/** A bound of a schema; undefined for what is no finite number. */
export const boundOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
