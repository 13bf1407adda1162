import type { RangeEffect, Spread, Uncertainty } from '../result/uncertainty.ts'
import { uniformAt } from '../sessions/uniform.ts'
import { latinHypercube } from '../stats/latin-hypercube.ts'
import type { Range, Ranges, Workload } from '../workload/workload.ts'

/** What one drawing of the file comes to. */
export interface Drawn {
  /** Users, or sessions a second. */
  readonly level: number
  readonly unbounded: boolean
  readonly perTurnUsd?: number | undefined
  readonly perMonthUsd?: number | undefined
}

const draws = 100
const seed = 1
/** A draw in twenty lies below, and one above. */
const tail = 0.05

const figures = ['level', 'perTurnUsd', 'perMonthUsd'] as const
type Figure = (typeof figures)[number]

/**
 * The answer over the ranges of the file: draws spread evenly over all of them together, each range by itself from end
 * to end, and the two corners at which every range suits the figure least and most. The corners are those of the sign
 * that each range has by itself: exact where the figure rises or falls with each input, whatever the others are.
 */
export function uncertaintyOf(
  { inputs, at }: Ranges,
  origins: Workload['origins'],
  solve: (drawn: Workload) => Drawn,
): Uncertainty {
  const answer = (shares: readonly number[]): Drawn | undefined => {
    const drawn = at(shares)
    return drawn && solve(drawn)
  }
  const middle = inputs.map(() => 0.5)
  const points = latinHypercube(draws, inputs.length, (draw, i) => uniformAt(seed, draw, i, 0, 0, 0))
  const answers = points.map(answer)
  const ends = inputs.map((_, i) => [answer(middle.with(i, 0)), answer(middle.with(i, 1))] as const)
  const possible = answers.filter((each) => each !== undefined)
  const spread = (figure: Figure): Spread | undefined => {
    const rises = ends.map(([low, high]) => (high?.[figure] ?? 0) >= (low?.[figure] ?? 0))
    const corners = [rises.map((up) => (up ? 0 : 1)), rises.map((up) => (up ? 1 : 0))].map(answer)
    return spreadOf(valuesOf(possible, figure), valuesOf([...possible, ...ends.flat(), ...corners], figure))
  }
  const [level, perTurnUsd, perMonthUsd] = figures.map(spread)
  return {
    method: `Latin hypercube, seed ${seed}`,
    draws,
    impossible: draws - possible.length,
    unbounded: possible.filter(({ unbounded }) => unbounded).length,
    covers: '9 of 10 draws',
    level: level!,
    ...(perTurnUsd ? { perTurnUsd } : {}),
    ...(perMonthUsd ? { perMonthUsd } : {}),
    inputs: inputs
      .map((range, i) => effectOf(range, origins, ends[i]!))
      .toSorted((a, b) => widthOf(b) - widthOf(a)),
  }
}

const widthOf = ({ levelAtLow, levelAtHigh }: RangeEffect): number => Math.abs(levelAtHigh - levelAtLow)

function effectOf(
  { path, text, low, high }: Range,
  origins: Workload['origins'],
  [atLow, atHigh]: readonly [Drawn | undefined, Drawn | undefined],
): RangeEffect {
  return {
    path,
    origin: origins.get(path) ?? 'given',
    text,
    low,
    high,
    // The reader has checked each end by itself, so there is an answer.
    levelAtLow: atLow!.level,
    levelAtHigh: atHigh!.level,
  }
}

function valuesOf(answers: readonly (Drawn | undefined)[], figure: Figure): number[] {
  return answers.flatMap((each) => each?.[figure] ?? []).toSorted((a, b) => a - b)
}

/** Of sorted values: what `drawn` leaves out at each end, and the ends of all. */
function spreadOf(drawn: readonly number[], all: readonly number[]): Spread | undefined {
  const [least, most] = [all[0], all.at(-1)]
  if (least === undefined || most === undefined || drawn.length === 0) return undefined
  return { low: quantile(drawn, tail), high: quantile(drawn, 1 - tail), least, most }
}

/** Between the two neighbouring values in proportion. */
function quantile(sorted: readonly number[], p: number): number {
  const at = (sorted.length - 1) * p
  const below = sorted[Math.floor(at)]!
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at))
}
