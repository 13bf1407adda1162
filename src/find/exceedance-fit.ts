import { type Line, lineCrossing, logisticLine, logit, weightedLine } from '../stats/regression.ts'
import { studentTQuantile } from '../stats/student-t.ts'
import type { Evidence } from './evidence.ts'

export interface Fit {
  readonly value: number
  readonly low: number
  readonly high: number
  /** Of the distance beyond the limit, for each unit of load. */
  readonly slope: number
}

/** Beyond this distance a trial says on which side of the boundary it is, hardly where the boundary is. */
const informative = 2.5
/** Distance at which a trial counts a quarter: only near the boundary is the curve a line. */
const reach = 1
/** How much the trials' own errors are trusted against the scatter between trials, in degrees of freedom. */
const ownDegrees = 4

/** Where the line through what lies near the boundary meets the limit, with its 95 % interval. */
export function boundaryFit(evidence: readonly Evidence[]): Fit | undefined {
  const known = evidence.filter(({ data }) => data !== undefined)
  if (known.length < 3) return undefined
  if (known.filter(({ distance }) => Math.abs(distance!) <= informative).length < 2) return undefined
  let distances = known.map(({ distance }) => distance!)
  let line: Line | undefined
  let weights: number[] = []
  // Nearness is judged by the line itself once there is one, lest chance decide what counts.
  for (let round = 0; round < 8; round++) {
    weights = distances.map((distance) => 1 / (1 + (distance / reach) ** 2) ** 2)
    const next = weighted(known, weights)
    if (!next || !(next.slope > 0)) return undefined
    line = next
    distances = known.map(({ level }) => next.intercept + next.slope * level)
  }
  return line && answer(known, weights, line)
}

function weighted(evidence: readonly Evidence[], weights: readonly number[]): Line | undefined {
  const first = evidence[0]!.data!
  if (first.kind === 'mean')
    return weightedLine(
      evidence.flatMap(({ level, distance, data }, i) =>
        data!.kind === 'mean'
          ? [{ x: level, y: distance!, weight: 1 / data!.variance, trust: weights[i]! }]
          : [],
      ),
    )
  const line = logisticLine(
    evidence.flatMap(({ level, data }, i) =>
      data!.kind === 'share'
        ? [{ x: level, share: data!.share, count: data!.count, trust: weights[i]! }]
        : [],
    ),
  )
  return line && { ...line, intercept: line.intercept - logit(first.allowed) }
}

function answer(evidence: readonly Evidence[], weights: readonly number[], line: Line): Fit | undefined {
  const degrees = Math.max(0, weights.reduce((sum, weight) => sum + weight, 0) - 2) + ownDegrees
  // More scatter than the trials' own errors explain is taken as theirs; less is luck.
  const scatter = Math.max(1, (line.chiSquare + ownDegrees) / degrees)
  const width = studentTQuantile(0.975, degrees) * Math.sqrt(scatter)
  const { x, low, high } = lineCrossing(line, 0, width)
  const levels = evidence.map(({ level }) => level)
  const [least, most] = [Math.min(...levels), Math.max(...levels)]
  // A line says nothing far from where its points are.
  if (x < least * 0.8 || x > most * 1.1) return undefined
  return {
    value: x,
    low: Math.max(0, low, Math.min(least, x)),
    high: Math.min(high, Math.max(most, x)),
    slope: line.slope,
  }
}
