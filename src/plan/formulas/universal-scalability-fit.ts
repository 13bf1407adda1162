import type { Interval } from '../../stats/interval.ts'
import { studentTQuantile } from '../../stats/student-t.ts'
import { nonNegativeLeastSquares } from './non-negative-least-squares.ts'
import { type UniversalScalability, uslPeak, uslThroughput } from './universal-scalability.ts'

/** One measurement: completions per time with `population` customers or processors. */
export interface ScalabilityPoint {
  readonly population: number
  readonly throughput: number
}

/** The law's coefficients as fitted, and how sure they are. */
export interface ScalabilityFit extends UniversalScalability {
  /** 95 % intervals, cut off at 0; absent with fewer than five points. */
  readonly intervals?: { readonly lambda: Interval; readonly sigma: Interval; readonly kappa: Interval }
  /** Where throughput peaks; absent where the points do not show that κ is above 0. */
  readonly peak?: ScalabilityPoint
}

const mostSteps = 200
const fewestForIntervals = 5
const enough = 1e-13

/**
 * The universal scalability law nearest to measured throughputs, in absolute squares, with σ ≥ 0 and κ ≥ 0:
 * without these two, noise fits negative coherency to systems that do not have any. Since N ÷ X is linear in
 * 1/λ, σ/λ and κ/λ, each Gauss–Newton step is a problem of non-negative least squares.
 *
 * Source: Gunther, Guerrilla Capacity Planning (2007), ch. 5; nonlinear fit as in R's usl and in usl4j.
 */
export function uslFit(points: readonly ScalabilityPoint[]): ScalabilityFit {
  if (points.length < 3) throw new RangeError('a scalability fit needs three points')
  const rows = points.map(({ population: n }) => [1, n - 1, n * (n - 1)])
  const step = (modelled: readonly number[], wanted: readonly number[]): number[] => {
    const weights = points.map(({ population }, i) => modelled[i]! ** 2 / population)
    return nonNegativeLeastSquares(
      rows.map((row, i) => row.map((value) => value * weights[i]!)),
      wanted,
    )
  }
  const measured = points.map(({ throughput }) => throughput)
  let terms = step(measured, measured)
  let error = squares(points, terms)
  for (let i = 0; i < mostSteps; i++) {
    const modelled = throughputs(points, terms)
    const full = step(
      modelled,
      modelled.map((value, k) => 2 * value - measured[k]!),
    )
    const next = firstBetter(points, terms, full, error)
    if (!next) break
    const gained = error - next.error
    terms = next.terms
    error = next.error
    if (gained <= enough * error) break
  }
  const [first, second, third] = terms
  const fit = { lambda: 1 / first!, sigma: second! / first!, kappa: third! / first! }
  const intervals = points.length >= fewestForIntervals ? intervalsOf(points, fit, error) : undefined
  const peaks = fit.sigma < 1 && intervals !== undefined && intervals.kappa[0] > 0
  const top = uslPeak(fit)
  return {
    ...fit,
    ...(intervals && { intervals }),
    ...(peaks && { peak: { population: top, throughput: uslThroughput(fit, top) } }),
  }
}

/** The longest of a whole step, a half, a quarter, … that comes nearer. */
function firstBetter(
  points: readonly ScalabilityPoint[],
  from: readonly number[],
  to: readonly number[],
  error: number,
): { terms: number[]; error: number } | undefined {
  for (let share = 1; share > 1e-6; share /= 2) {
    const terms = from.map((value, k) => value + share * (to[k]! - value))
    const reached = squares(points, terms)
    if (reached < error) return { terms, error: reached }
  }
  return undefined
}

const throughputs = (points: readonly ScalabilityPoint[], [a, b, c]: readonly number[]): number[] =>
  points.map(({ population: n }) => n / (a! + b! * (n - 1) + c! * n * (n - 1)))

const squares = (points: readonly ScalabilityPoint[], terms: readonly number[]): number =>
  throughputs(points, terms).reduce((sum, value, i) => sum + (points[i]!.throughput - value) ** 2, 0)

function intervalsOf(
  points: readonly ScalabilityPoint[],
  fit: UniversalScalability,
  error: number,
): NonNullable<ScalabilityFit['intervals']> {
  const slopes = points.map(({ population: n }) => {
    const modelled = uslThroughput(fit, n)
    const spread = -(modelled ** 2) / (fit.lambda * n)
    return [modelled / fit.lambda, spread * (n - 1), spread * n * (n - 1)]
  })
  const freedom = points.length - 3
  const variances = inverseDiagonal(slopes).map((value) => (value * error) / freedom)
  const [lambda, sigma, kappa] = [fit.lambda, fit.sigma, fit.kappa].map((value, k): Interval => {
    const half = studentTQuantile(0.975, freedom) * Math.sqrt(variances[k]!)
    return [Math.max(0, value - half), value + half]
  })
  return { lambda: lambda!, sigma: sigma!, kappa: kappa! }
}

/** The diagonal of (JᵀJ)⁻¹ for three columns, each scaled by its own norm first. */
function inverseDiagonal(rows: readonly (readonly number[])[]): number[] {
  const norms = [0, 1, 2].map((k) => Math.hypot(...rows.map((row) => row[k]!)))
  const product = (a: number, b: number): number =>
    rows.reduce((sum, row) => sum + row[a]! * row[b]!, 0) / (norms[a]! * norms[b]!)
  const [ab, ac, bc] = [product(0, 1), product(0, 2), product(1, 2)]
  const determinant = 1 - ab ** 2 - ac ** 2 - bc ** 2 + 2 * ab * ac * bc
  return [bc, ac, ab].map((other, k) => (1 - other ** 2) / determinant / norms[k]! ** 2)
}
