import type { ObjectiveResult } from '../result/summary.ts'

/** Where a search ended. */
export interface CapacityPoint {
  /** The highest level that passes: whole users, or sessions a second to four digits; 0 when none does. */
  readonly value: number
  /** The same, interpolated between the last level that passes and the first that does not. */
  readonly fractional: number
  /** The first level that fails; absent where none does. */
  readonly broken?: number
  readonly unbounded: boolean
  /** How much the margin of the worst objective moves there, for each e-fold of load. */
  readonly slope?: number
}

/** Where to search, and what is known before. */
export interface SearchBounds {
  readonly most: number
  /** Levels are real numbers rather than whole users. */
  readonly open: boolean
  readonly guess?: number | undefined
  /** The margin's slope near the guess, where a search of a like workload has found it. */
  readonly slope?: number | undefined
  /** The objectives' limits, in their order. */
  readonly limits: readonly number[]
}

/** An end of the bracket: a rung of the ladder of levels and what was found there. */
interface Rung {
  readonly rung: number
  readonly objectives: readonly ObjectiveResult[]
  /** Logarithm of value ÷ limit of the objective that is worst off; negative where all hold. */
  readonly margin: number
}

const openRatio = 1e-4
const leastOpen = 1e-4
const firstStep = 0.14
const farthestStep = Math.LN2

/**
 * The boundary between levels that pass and levels that fail; more load never helps. Levels are rungs: whole users,
 * or rates a ten-thousandth apart. From the guess outwards to a bracket, then false position on the margin
 * (Illinois), halving whenever that does not narrow the bracket fast.
 */
export function capacitySearch(
  at: (value: number) => readonly ObjectiveResult[],
  bounds: SearchBounds,
): CapacityPoint {
  const ladder = ladderOf(bounds)
  const seen = new Map<number, Rung>()
  const look = (rung: number): Rung => {
    let found = seen.get(rung)
    if (!found) {
      const objectives = at(ladder.level(rung))
      found = { rung, objectives, margin: marginOf(objectives, bounds.limits) }
      seen.set(rung, found)
    }
    return found
  }
  const [low, high] = bracket(look, ladder, bounds)
  if (!low) return { value: 0, fractional: 0, broken: ladder.level(ladder.least), unbounded: false }
  if (!high) return { value: bounds.most, fractional: bounds.most, unbounded: true }
  return pointBetween(...narrowed(look, low, high), ladder, bounds)
}

/** Whether every objective holds; one that is undecided does not. */
export const passes = (objectives: readonly ObjectiveResult[]): boolean =>
  objectives.every(({ pass }) => pass === true)

interface Ladder {
  readonly least: number
  readonly most: number
  readonly level: (rung: number) => number
  readonly rungOf: (level: number) => number
}

function ladderOf({ open, most }: SearchBounds): Ladder {
  if (!open) return { least: 1, most, level: (rung) => rung, rungOf: Math.round }
  const ratio = Math.log1p(openRatio)
  const rungOf = (level: number): number => Math.round(Math.log(level / leastOpen) / ratio)
  return { least: 0, most: rungOf(most), level: (rung) => leastOpen * Math.exp(rung * ratio), rungOf }
}

/** A rung that passes (none where not even the least does) and a higher one that fails (none up to the most). */
function bracket(
  look: (rung: number) => Rung,
  { least, most, level, rungOf }: Ladder,
  { guess, slope }: SearchBounds,
): [Rung | undefined, Rung | undefined] {
  let low: Rung | undefined
  let high: Rung | undefined
  let next = Math.max(least, Math.min(most, rungOf(guess ?? level(least))))
  let step = guess === undefined ? farthestStep : firstStep
  for (let tries = 0; !(low && high); tries++) {
    const here = look(next)
    if (tries === 0 && slope !== undefined)
      step = Math.min(farthestStep, (1.1 * Math.abs(here.margin)) / slope)
    if (passes(here.objectives)) low = here
    else high = here
    if (low?.rung === most || high?.rung === least) break
    if (low && high) break
    next = low
      ? Math.min(most, Math.max(low.rung + 1, rungOf(level(low.rung) * Math.exp(step))))
      : Math.max(least, Math.min(high!.rung - 1, rungOf(level(high!.rung) * Math.exp(-step))))
    step = Math.min(Math.max(farthestStep, step), 2 * step)
  }
  return [low, high]
}

/** The two neighbouring rungs between which the boundary lies. */
function narrowed(look: (rung: number) => Rung, from: Rung, to: Rung): [Rung, Rung] {
  let [low, high] = [from, to]
  let [below, above] = [from.margin, to.margin]
  let kept = 0
  let slow = 0
  while (high.rung - low.rung > 1) {
    const width = high.rung - low.rung
    const part = slow >= 2 ? 0.5 : below / (below - above)
    const rung = Math.min(high.rung - 1, Math.max(low.rung + 1, Math.floor(low.rung + width * part)))
    const here = look(rung)
    if (passes(here.objectives)) {
      ;[low, below] = [here, here.margin]
      if (kept === 1) above /= 2
      kept = 1
    } else {
      ;[high, above] = [here, here.margin]
      if (kept === -1) below /= 2
      kept = -1
    }
    slow = slow >= 2 || high.rung - low.rung <= width / 2 ? 0 : slow + 1
  }
  return [low, high]
}

function pointBetween(
  low: Rung,
  high: Rung,
  { level }: Ladder,
  { open, limits }: SearchBounds,
): CapacityPoint {
  const [value, broken] = [level(low.rung), level(high.rung)]
  return {
    value: open ? Number(value.toPrecision(4)) : value,
    fractional: value + (broken - value) * partWay(low, high, limits),
    broken,
    unbounded: false,
    slope: Math.max(1e-3, (high.margin - low.margin) / Math.log(broken / value)),
  }
}

/** Margins beyond these say only on which side. */
const leastMargin = -12
const mostMargin = 4

function marginOf(objectives: readonly ObjectiveResult[], limits: readonly number[]): number {
  const worst = Math.max(
    ...objectives.map(({ value }, i) => (value === undefined ? leastMargin : Math.log(value / limits[i]!))),
  )
  const clamped = Math.min(mostMargin, Math.max(leastMargin, worst))
  return passes(objectives) ? Math.min(-1e-9, clamped) : Math.max(1e-9, clamped)
}

/** Where between the two levels the first objective to fail crosses its limit, 0 to 1. */
function partWay(low: Rung, high: Rung, limits: readonly number[]): number {
  const crossings = high.objectives.flatMap((objective, i) => {
    const before = low.objectives[i]!
    if (objective.pass === true || objective.value === undefined || before.value === undefined) return []
    if (objective.value <= before.value) return []
    return [Math.min(1, Math.max(0, (limits[i]! - before.value) / (objective.value - before.value)))]
  })
  return crossings.length > 0 ? Math.min(...crossings) : 0
}
