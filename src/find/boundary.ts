import type { ProbeResult } from '../result/capacity.ts'
import { type Bracket, bracketOf, doubtless } from './bracket.ts'
import { evidenceOf, type Evidence } from './evidence.ts'
import { boundaryFit, type Fit } from './exceedance-fit.ts'

/** Where one objective ceases to hold. */
export interface Boundary extends Bracket {
  readonly objective: string
  /** By the fit; without one the highest load that held. */
  readonly value: number
  /** The curve through the trials' shares or means; absent where they jump, or say too little. */
  readonly fit?: Fit
  readonly shape?: 'smooth' | 'cliff'
  /** Between trials that chance does not explain. */
  readonly sure: Bracket
  /** Where inside the bracket to look next. */
  readonly between: number
  /** Chance explains neither end of the bracket. */
  readonly decisive: boolean
}

/**
 * A rise between neighbouring loads that makes the boundary a cliff, in the unit of `Evidence.distance`: odds 7 times as
 * high, such as 1 % of the turns without an answer, then 7 %.
 */
const jump = 2
/** Beyond this distance, in the same unit, a trial says on which side the boundary is, not how far away. */
const farthest = 3
/** Loads up to this ratio apart are neighbours. */
const neighbours = 1.05

/** The objective that ceases to hold at the lowest load, as far as the trials tell. */
export function firstToBreak(probes: readonly ProbeResult[]): Boundary | undefined {
  const texts = probes[0]?.summary.objectives.map(({ text }) => text) ?? []
  return texts
    .flatMap((objective, index) => {
      const found = boundaryOf(evidenceOf(probes, index))
      return found ? [{ objective, ...found }] : []
    })
    .toSorted((a, b) => a.value - b.value || Number(!a.fit) - Number(!b.fit))[0]
}

function boundaryOf(evidence: readonly Evidence[]): Omit<Boundary, 'objective'> | undefined {
  const bracket = bracketOf(evidence)
  const [below, above] = [bracket.low, bracket.high].map((end) =>
    evidence.filter(({ level }) => level === end),
  )
  const sure = doubtless(evidence)
  const decisive = sure.low === bracket.low && sure.high === bracket.high
  const sides = { ...bracket, between: between(bracket, distance(below!), distance(above!)), decisive, sure }
  const fit = boundaryFit(evidence)
  if (fit) {
    const steep = fit.slope * fit.value * (neighbours - 1) >= jump
    return { ...sides, value: fit.value, fit, shape: steep ? 'cliff' : 'smooth' }
  }
  if (bracket.high === Infinity) return undefined
  return { ...sides, value: bracket.low, ...shapeOf(bracket, distance(above!) - distance(below!)) }
}

/** The shape of a boundary without a fit; absent unless its ends are neighbours with known distances. */
function shapeOf({ low, high }: Bracket, difference: number): { shape?: 'smooth' | 'cliff' } {
  const near = low > 0 && (high <= low * neighbours || high - low <= 1)
  if (!near || Number.isNaN(difference)) return {}
  return { shape: difference >= jump ? 'cliff' : 'smooth' }
}

/** The mean distance of the trials at one load; NaN where none has one. */
function distance(evidence: readonly Evidence[]): number {
  const known = evidence.flatMap((one) => (one.distance === undefined ? [] : [one.distance]))
  return known.reduce((sum, one) => sum + one, 0) / known.length
}

/** Where a line between the two ends meets the limit, kept away from both; distances count up to `farthest`. */
function between({ low, high }: Bracket, below: number, above: number): number {
  const [from, to] = [Math.max(below, -farthest), Math.min(above, farthest)]
  const part = -from / (to - from)
  return low + (high - low) * (Number.isFinite(part) ? Math.min(0.8, Math.max(0.2, part)) : 0.5)
}
