import {
  lineCrossing,
  logisticRegression,
  logit,
  type Regression,
  weightedRegression,
} from '../stats/regression.ts'
import { studentTQuantile } from '../stats/student-t.ts'
import { type Bracket, doubtless } from './bracket.ts'
import type { Evidence } from './evidence.ts'

/** Where the fitted curve meets the limit, with its 95 % interval, in the unit of the load. */
export interface Fit {
  readonly value: number
  readonly low: number
  readonly high: number
  /** Of the distance beyond the limit, for each unit of load. */
  readonly slope: number
}

/** Beyond this distance a trial says on which side the boundary is, and hardly where. */
const informative = 2.5
/** Distance at which a trial has a quarter of its weight: the curve is this simple only near the boundary. */
const reach = 1.5
/** Trials of less weight than this are left out: that far from the boundary, log-odds mean nothing. */
const negligible = 1e-4
/** Prior on the bend of the curve, one standard deviation: its slope doubles over this share more load. */
const doubling = 0.25
/** Degrees of freedom that the trials' own errors are worth, against the scatter between trials. */
const ownDegrees = 4

/** Where the curve through what lies near the boundary meets the limit, with its 95 % interval. */
export function boundaryFit(evidence: readonly Evidence[]): Fit | undefined {
  const known = evidence.filter(({ data }) => data !== undefined)
  if (known.length < 3) return undefined
  if (known.filter(({ distance }) => Math.abs(distance!) <= informative).length < 2) return undefined
  const levels = known.map(({ level }) => level)
  const [least, most] = [Math.min(...levels) * 0.8, Math.max(...levels) * 1.1]
  let distances = known.map(({ distance }) => distance!)
  let centre = (least + most) / 2
  let bend: number | undefined
  // Nearness is judged by the curve itself once there is one, lest chance decide what counts.
  for (let round = 0; ; round++) {
    const trusts = distances.map((distance) => 1 / (1 + (distance / reach) ** 2) ** 2)
    const loads = levels.map((level) => level / centre - 1)
    const curve = curveThrough(known, loads, trusts, bend)
    const [height, slope] = curve?.coefficients ?? []
    if (!curve || !(slope! > 0)) return undefined
    if (round === 12) return answer(curve, centre, trusts, [least, most], doubtless(known))
    distances = loads.map((load) => height! + slope! * load)
    bend = slope! / (2 * doubling)
    centre = Math.min(most, Math.max(least, centre * (1 - height! / slope!)))
  }
}

/** The distance as a quadratic of the load, with `bend` as prior of its square term; a straight line without one. */
function curveThrough(
  evidence: readonly Evidence[],
  loads: readonly number[],
  trusts: readonly number[],
  bend: number | undefined,
): Regression | undefined {
  const rows = evidence
    .map(({ distance, data }, i) => ({
      distance: distance!,
      data: data!,
      terms: [1, loads[i]!, ...(bend === undefined ? [] : [loads[i]! ** 2])],
      trust: trusts[i]!,
    }))
    .filter(({ trust }) => trust > negligible)
  if (rows.length < 2) return undefined
  const precision = bend === undefined ? [] : [0, 0, 1 / bend ** 2]
  const first = rows[0]!.data
  if (first.kind === 'mean')
    return weightedRegression(
      rows.flatMap(({ distance, data, ...row }) =>
        data.kind === 'mean' ? [{ ...row, y: distance, weight: 1 / data.variance }] : [],
      ),
      precision,
    )
  const curve = logisticRegression(
    rows.flatMap(({ data, terms, trust }) =>
      data.kind === 'share' ? [{ terms, trust, share: data.share, count: data.count }] : [],
    ),
    precision,
  )
  if (!curve) return undefined
  const [height, ...others] = curve.coefficients
  return { ...curve, coefficients: [height! - logit(first.allowed), ...others] }
}

/** Since the curve is centred where it meets the limit, its first two terms are enough there. */
function answer(
  curve: Regression,
  centre: number,
  trusts: readonly number[],
  [least, most]: readonly [number, number],
  sides: Bracket,
): Fit | undefined {
  const degrees = Math.max(0, trusts.reduce((sum, trust) => sum + trust, 0) - 2) + ownDegrees
  // Scatter beyond what the trials' own errors explain widens the interval; less than that is luck.
  const scatter = Math.max(1, (curve.chiSquare + ownDegrees) / degrees)
  const width = studentTQuantile(0.975, degrees) * Math.sqrt(scatter)
  const { x, low, high } = lineCrossing(curve, 0, width)
  const value = centre * (1 + x)
  // A curve says nothing far from where its points are.
  if (value <= least || value >= most) return undefined
  // Where the slope may be zero, the trials one by one still bound the boundary.
  const [from, to] = Number.isFinite(low)
    ? [centre * (1 + low), centre * (1 + high)]
    : [sides.low, sides.high]
  return {
    value,
    low: Math.min(value, Math.max(least, from)),
    high: Math.max(value, Math.min(most, to)),
    slope: curve.coefficients[1]! / centre,
  }
}
