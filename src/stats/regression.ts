/** Coefficients of a linear model and how well they are known. */
export interface Regression {
  readonly coefficients: readonly number[]
  readonly covariance: readonly (readonly number[])[]
  /** Weighted squared residuals in standard errors: about points less coefficients where the weights are right. */
  readonly chiSquare: number
}

interface Terms {
  /** What each coefficient is multiplied by: `[1, x]` for a line. */
  readonly terms: readonly number[]
  /** From 0 to 1, how much the point counts beside its own variance: all of it unless told. */
  readonly trust?: number
}

export interface ValuePoint extends Terms {
  readonly y: number
  /** One over the variance of `y`. */
  readonly weight: number
}

/**
 * Least weighted squares, with the variance that they really have (White 1980) where points are trusted less than
 * their own variance says. `precision` is what is known of each coefficient beforehand: one over the variance about
 * 0, nothing unless told. Absent where the points do not tell the coefficients apart.
 */
export function weightedRegression(
  points: readonly ValuePoint[],
  precision: readonly number[] = [],
): Regression | undefined {
  const size = points[0]?.terms.length ?? 0
  const moments = (power: 1 | 2): number[][] =>
    square(size, (i, j) =>
      points.reduce(
        (sum, { terms, weight, trust = 1 }) => sum + weight * trust ** power * terms[i]! * terms[j]!,
        i === j ? (precision[i] ?? 0) : 0,
      ),
    )
  const inverse = inverted(moments(1))
  if (!inverse || size === 0) return undefined
  const products = inverse.map((_, i) =>
    points.reduce((sum, { terms, y, weight, trust = 1 }) => sum + weight * trust * terms[i]! * y, 0),
  )
  const coefficients = inverse.map((row) => dot(row, products))
  const doubted = points.some(({ trust = 1 }) => trust !== 1)
  const covariance = doubted ? times(times(inverse, moments(2)), inverse) : inverse
  const chiSquare = points.reduce(
    (sum, { terms, y, weight, trust = 1 }) => sum + weight * trust * (y - dot(terms, coefficients)) ** 2,
    0,
  )
  return { coefficients, covariance, chiSquare }
}

export interface SharePoint extends Terms {
  /** Share of successes. */
  readonly share: number
  /** Independent trials behind the share; need not be whole. */
  readonly count: number
}

export const logit = (share: number): number => Math.log(share / (1 - share))
export const logistic = (value: number): number => 1 / (1 + Math.exp(-value))

/**
 * Log-odds of greatest likelihood through binomial shares, by iteratively reweighted least squares (McCullagh &
 * Nelder, Generalized Linear Models, §4.4). Absent where there are none, as when a threshold separates the shares.
 */
export function logisticRegression(
  points: readonly SharePoint[],
  precision: readonly number[] = [],
): Regression | undefined {
  let fitted = points.map(({ share, count }) => logit((share * count + 0.5) / (count + 1)))
  let before: Regression | undefined
  for (let step = 0; step < 100; step++) {
    const working = points.map(({ terms, share, count, trust = 1 }, i) => {
      const p = logistic(fitted[i]!)
      const spread = p * (1 - p)
      return { terms, y: fitted[i]! + (share - p) / spread, weight: count * spread, trust }
    })
    const next = weightedRegression(working, precision)
    if (!next?.coefficients.every(Number.isFinite)) return undefined
    fitted = points.map(({ terms }) => dot(terms, next.coefficients))
    if (fitted.some((value) => Math.abs(value) > 30)) return undefined
    if (before && next.coefficients.every((value, i) => near(value, before!.coefficients[i]!))) return next
    before = next
  }
  return undefined
}

/**
 * Where a line of terms `[1, x]` reaches `y`, with the interval of all x at which that cannot be told from chance
 * (Fieller 1954): `width` standard errors each way. The ends are infinite where the slope is not told from zero.
 */
export function lineCrossing(
  { coefficients, covariance }: Pick<Regression, 'coefficients' | 'covariance'>,
  y: number,
  width: number,
): { readonly x: number; readonly low: number; readonly high: number } {
  const [intercept, slope] = [coefficients[0]!, coefficients[1]!]
  const x = (y - intercept) / slope
  // (intercept + slope x − y)² = width² Var(intercept + slope x), a quadratic in x.
  const a = slope ** 2 - width ** 2 * covariance[1]![1]!
  const b = slope * (intercept - y) - width ** 2 * covariance[0]![1]!
  const c = (intercept - y) ** 2 - width ** 2 * covariance[0]![0]!
  if (!(a > 0)) return { x, low: -Infinity, high: Infinity }
  const root = Math.sqrt(Math.max(0, b * b - a * c))
  return { x, low: (-b - root) / a, high: (-b + root) / a }
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-10 * Math.max(1, Math.abs(a))

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

function square(size: number, of: (row: number, column: number) => number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => of(i, j)))
}

function times(a: readonly number[][], b: readonly number[][]): number[][] {
  return square(a.length, (i, j) => a[i]!.reduce((sum, value, k) => sum + value * b[k]![j]!, 0))
}

/** By Gauss and Jordan; absent for a matrix that is singular, but for rounding. */
function inverted(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let i = 0; i < size; i++) {
    // Symmetric and positive definite: no exchange of rows is needed.
    const pivot = rows[i]![i]!
    if (!(pivot > 1e-12 * matrix[i]![i]!)) return undefined
    rows[i] = rows[i]!.map((value) => value / pivot)
    for (let j = 0; j < size; j++) {
      const factor = rows[j]![i]!
      if (j !== i) rows[j] = rows[j]!.map((value, k) => value - factor * rows[i]![k]!)
    }
  }
  return rows.map((row) => row.slice(size))
}
