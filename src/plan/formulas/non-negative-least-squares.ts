const enough = 1e-12

/**
 * The coefficients, none below 0, that minimise the sum of squares of rows · coefficients − targets. Columns are
 * scaled before they are compared, so their units do not matter.
 *
 * Source: Lawson, Hanson, Solving Least Squares Problems (1974), ch. 23.
 */
export function nonNegativeLeastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): number[] {
  const width = rows[0]!.length
  const norms = Array.from({ length: width }, (_, k) => Math.hypot(...rows.map((row) => row[k]!)))
  const columns = norms.map((norm, k) => rows.map((row) => (norm > 0 ? row[k]! / norm : 0)))
  const scale = Math.hypot(...targets)
  const free = new Set<number>()
  let solution = columns.map(() => 0)
  for (let round = 0; round < 3 * width; round++) {
    const rest = residual(columns, targets, solution)
    const gains = columns.map((column, k) => (free.has(k) ? 0 : dot(column, rest)))
    const best = gains.indexOf(Math.max(...gains))
    if (gains[best]! <= enough * scale) break
    free.add(best)
    solution = insideOrOut(columns, targets, solution, free)
  }
  return solution.map((value, k) => (norms[k]! > 0 ? value / norms[k]! : 0))
}

/** Moves towards the least squares of the free columns; whatever reaches 0 on the way is freed no longer. */
function insideOrOut(
  columns: readonly number[][],
  targets: readonly number[],
  start: readonly number[],
  free: Set<number>,
): number[] {
  let solution = [...start]
  for (;;) {
    const wanted = leastSquares(columns, targets, free)
    const blocking = [...free].filter((k) => wanted[k]! <= 0)
    if (blocking.length === 0) return wanted
    const step = Math.min(...blocking.map((k) => solution[k]! / (solution[k]! - wanted[k]!)))
    solution = solution.map((value, k) => value + step * (wanted[k]! - value))
    for (const k of blocking) {
      if (solution[k]! > enough) continue
      solution[k] = 0
      free.delete(k)
    }
  }
}

/** Least squares over the chosen columns by modified Gram–Schmidt; 0 for all others. */
function leastSquares(
  columns: readonly number[][],
  targets: readonly number[],
  chosen: Set<number>,
): number[] {
  const order = [...chosen]
  const basis: number[][] = []
  const upper: number[][] = []
  let rest = [...targets]
  const projected = order.map((k) => {
    let column = columns[k]!
    const weights = basis.map((direction) => {
      const weight = dot(direction, column)
      column = column.map((value, i) => value - weight * direction[i]!)
      return weight
    })
    const norm = Math.hypot(...column)
    const direction = column.map((value) => (norm > enough ? value / norm : 0))
    basis.push(direction)
    upper.push([...weights, norm])
    const along = dot(direction, rest)
    rest = rest.map((value, i) => value - along * direction[i]!)
    return along
  })
  const solution = columns.map(() => 0)
  for (let j = order.length - 1; j >= 0; j--) {
    let value = projected[j]!
    for (let i = j + 1; i < order.length; i++) value -= upper[i]![j]! * solution[order[i]!]!
    solution[order[j]!] = upper[j]![j]! > enough ? value / upper[j]![j]! : 0
  }
  return solution
}

const residual = (
  columns: readonly number[][],
  targets: readonly number[],
  solution: readonly number[],
): number[] =>
  targets.map((target, i) => columns.reduce((left, column, k) => left - column[i]! * solution[k]!, target))

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0)
