/** Added one by one onto `sum`, so that blocks make no difference to the last digit. */
export function sumOf(values: Float64Array, sum: number): number {
  let total = sum
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}

/** The greatest of `values` and `least`. */
export function greatest(values: Float64Array, least: number): number {
  let max = least
  for (let i = 0; i < values.length; i++) if (values[i]! > max) max = values[i]!
  return max
}

/** How many of `values` are beyond `limit`. */
export function countAbove(values: Float64Array, limit: number): number {
  let above = 0
  for (let i = 0; i < values.length; i++) above += Number(values[i]! > limit)
  return above
}

/** A column of `length` that begins with what `numbers` holds. */
export function longer<Numbers extends Float64Array | Int32Array>(numbers: Numbers, length: number): Numbers {
  const grown = new (numbers.constructor as new (length: number) => Numbers)(length)
  grown.set(numbers)
  return grown
}
