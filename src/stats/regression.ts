/** A straight line y = intercept + slope × x and how well both are known. */
export interface Line {
  readonly intercept: number
  readonly slope: number
  readonly variance: { readonly intercept: number; readonly slope: number; readonly covariance: number }
  /** Weighted squared residuals in standard errors: about `points − 2` where the weights are right. */
  readonly chiSquare: number
}

export interface LinePoint {
  readonly x: number
  readonly y: number
  /** One over the variance of `y`. */
  readonly weight: number
  /** From 0 to 1, how much the point counts beside that: all of it unless told. */
  readonly trust?: number
}

/**
 * The line of least weighted squares, and the variance that it really has (White 1980) where some points are trusted
 * less than their own variance says. Absent where the points have but one x.
 */
export function weightedLine(points: readonly LinePoint[]): Line | undefined {
  const rows = points.map(({ x, y, weight, trust = 1 }) => ({ x, y, weight: weight * trust, trust }))
  const total = sum(rows, ({ weight }) => weight)
  const meanX = sum(rows, ({ x, weight }) => weight * x) / total
  const meanY = sum(rows, ({ y, weight }) => weight * y) / total
  const squares = sum(rows, ({ x, weight }) => weight * (x - meanX) ** 2)
  if (!(squares > 1e-12 * total * Math.max(meanX ** 2, 1e-12))) return undefined
  const slope = sum(rows, ({ x, y, weight }) => weight * (x - meanX) * (y - meanY)) / squares
  const intercept = meanY - slope * meanX
  const ofMean = sum(rows, ({ weight, trust }) => weight * trust) / total ** 2
  const ofSlope = sum(rows, ({ x, weight, trust }) => weight * trust * (x - meanX) ** 2) / squares ** 2
  const ofBoth = sum(rows, ({ x, weight, trust }) => weight * trust * (x - meanX)) / (total * squares)
  return {
    intercept,
    slope,
    variance: {
      intercept: ofMean - 2 * meanX * ofBoth + meanX ** 2 * ofSlope,
      slope: ofSlope,
      covariance: ofBoth - meanX * ofSlope,
    },
    chiSquare: sum(rows, ({ x, y, weight }) => weight * (y - intercept - slope * x) ** 2),
  }
}

export interface SharePoint {
  readonly x: number
  /** Share of successes, not 0 or 1 at every point. */
  readonly share: number
  /** Independent trials behind the share; need not be whole. */
  readonly count: number
  /** From 0 to 1, how much the point counts beside that: all of it unless told. */
  readonly trust?: number
}

export const logit = (share: number): number => Math.log(share / (1 - share))
export const logistic = (value: number): number => 1 / (1 + Math.exp(-value))

/**
 * The line of log-odds of greatest likelihood through binomial shares, by iteratively reweighted least squares
 * (McCullagh & Nelder, Generalized Linear Models, §4.4). Absent where there is none: one x, or shares that a
 * threshold separates.
 */
export function logisticLine(points: readonly SharePoint[]): Line | undefined {
  let fitted = points.map(({ share, count }) => logit((share * count + 0.5) / (count + 1)))
  let before: Line | undefined
  for (let step = 0; step < 100; step++) {
    const working = points.map(({ x, share, count, trust }, i) => {
      const p = logistic(fitted[i]!)
      const spread = p * (1 - p)
      return {
        x,
        y: fitted[i]! + (share - p) / spread,
        weight: count * spread,
        ...(trust === undefined ? {} : { trust }),
      }
    })
    const line = weightedLine(working)
    if (!line || !Number.isFinite(line.slope)) return undefined
    fitted = points.map(({ x }) => line.intercept + line.slope * x)
    if (fitted.some((value) => Math.abs(value) > 30)) return undefined
    if (before && near(line.slope, before.slope) && near(line.intercept, before.intercept)) return line
    before = line
  }
  return undefined
}

/**
 * Where the line reaches `y`, with the interval of all x at which that cannot be told from chance (Fieller 1954):
 * `width` standard errors each way. The ends are infinite where the slope is not told from zero.
 */
export function lineCrossing(
  { intercept, slope, variance }: Line,
  y: number,
  width: number,
): { readonly x: number; readonly low: number; readonly high: number } {
  const x = (y - intercept) / slope
  const square = width * width
  // (intercept + slope x − y)² = width² Var(intercept + slope x), a quadratic in x.
  const a = slope ** 2 - square * variance.slope
  const b = slope * (intercept - y) - square * variance.covariance
  const c = (intercept - y) ** 2 - square * variance.intercept
  if (!(a > 0)) return { x, low: -Infinity, high: Infinity }
  const root = Math.sqrt(Math.max(0, b * b - a * c))
  return { x, low: (-b - root) / a, high: (-b + root) / a }
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a))

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}
