import type { Capacity } from '../result/capacity.ts'
import { formatCount, formatUsd } from '../result/figure-text.ts'
import { type AtLoad, countText, loadUnit } from '../result/load-words.ts'
import type { Spread, Uncertainty } from '../result/uncertainty.ts'

/** A range of the file and what it does to the capacity by itself, as text for a table. */
export interface RangeRow {
  readonly path: string
  readonly origin: string
  /** `30s..60s`. */
  readonly range: string
  readonly atLow: string
  readonly atHigh: string
  readonly levelAtLow: number
  readonly levelAtHigh: number
}

export const rangeHead = (at: AtLoad): readonly string[] => [
  'the file says',
  'from..to',
  `${loadUnit(at)} at the low end`,
  'at the high end',
]

/** The ranges of the file, what moves the capacity most first. */
export function rangeRows(at: AtLoad, { inputs }: Uncertainty): RangeRow[] {
  return inputs.map(({ path, origin, low, high, levelAtLow, levelAtHigh }) => ({
    path,
    origin,
    range: `${low}..${high}`,
    atLow: countText(at, levelAtLow),
    atHigh: countText(at, levelAtHigh),
    levelAtLow,
    levelAtHigh,
  }))
}

export const spreadHead = (covers: string): readonly string[] => ['', covers, 'at worst and best']

/** Where each figure lies: the middle of the draws, and the two corners. */
export function spreadRows(at: AtLoad, runAt: number, uncertainty: Uncertainty): string[][] {
  const count = (value: number): string => countText(at, value)
  const unit = loadUnit(at)
  const usd = (value: number): string => formatUsd(Number(value.toPrecision(3)))
  const row = (label: string, spread: Spread | undefined, text: (value: number) => string): string[][] =>
    spread
      ? [
          [
            label,
            `${text(spread.low)} to ${text(spread.high)}`,
            `${text(spread.least)} to ${text(spread.most)}`,
          ],
        ]
      : []
  return [
    ...row(unit, uncertainty.level, count),
    ...row('$/turn', uncertainty.perTurnUsd, usd),
    ...row(`$/month for ${count(runAt)} ${unit}`, uncertainty.perMonthUsd, usd),
  ]
}

/** What the figures are of, and how they were found. */
export function rangeLead({ draws, impossible, unbounded, method }: Uncertainty): string {
  const left =
    impossible > 0 ? ` ${formatCount(impossible)} draws whose values do not go together are left out.` : ''
  const over = unbounded > 0 ? ` In ${formatCount(unbounded)} draws no limit was found.` : ''
  return `The file gives ranges: every value between their ends is taken as equally likely, and none to hang on another (${method}, ${formatCount(draws)} draws).${left}${over}`
}

/** The answer with ranges, where there is one. */
export function withRanges(
  capacities: readonly Capacity[],
): (Capacity & { readonly uncertainty: Uncertainty }) | undefined {
  return capacities.find(
    (each): each is Capacity & { uncertainty: Uncertainty } => each.uncertainty !== undefined,
  )
}
