import type { Level } from '../../workload/level.ts'
import { formatPeople, formatShare, formatUsd } from '../figure-text.ts'
import type { Capacity } from '../capacity.ts'
import type { RangeEffect, Spread } from '../uncertainty.ts'
import { fieldText, levelLike, loadText, valueText } from './words.ts'

/** Where the answer lies over the ranges that the file gives, and the range that it hangs on most. */
export function howWide({ uncertainty, level, runAt }: Capacity): string | undefined {
  if (!uncertainty) return undefined
  const { level: spread, covers, draws, impossible, unbounded, inputs, perMonthUsd } = uncertainty
  const ranges = inputs.length === 1 ? 'the range' : `the ${inputs.length} ranges`
  if (spread.least === spread.most)
    return `${loadText(levelLike(level, spread.least))} wherever ${ranges} of the file may lie${costText(perMonthUsd, level, runAt)}`
  const unit = 'users' in level ? 'users' : 'sessions/s'
  const [low, high] = endsOf(level, spread)
  const all =
    unbounded > 0 ? `, ${formatShare(unbounded / (draws - impossible))} of them without a limit` : ''
  const hangs = inputs[0] ? `: hangs most on ${effectText(inputs[0], level)}` : ''
  return `somewhere between ${low} and ${high} ${unit} (${covers} from ${ranges} of the file${all}; ${corners(level, spread)} at ${inputs.length === 1 ? 'its' : 'their'} worst and best)${hangs}${costText(perMonthUsd, level, runAt)}`
}

/** Whole users are rounded outwards. */
function endsOf(level: Level, { low, high }: Spread): [low: string, high: string] {
  const isWhole = 'users' in level
  return [
    valueText(levelLike(level, isWhole ? Math.floor(low) : low)),
    valueText(levelLike(level, isWhole ? Math.ceil(high) : high)),
  ]
}

const corners = (level: Level, { least, most }: Spread): string =>
  `${valueText(levelLike(level, least))} to ${valueText(levelLike(level, most))}`

/** The bill of the load to run at: what a draw would carry is another matter. */
function costText(perMonthUsd: Spread | undefined, level: Level, runAt: number): string {
  if (!perMonthUsd || runAt <= 0) return ''
  const [low, high] = [perMonthUsd.low, perMonthUsd.high].map((usd) => formatUsd(Number(usd.toPrecision(3))))
  if (low === high) return ''
  return `; ${low} to ${high} a month for ${'users' in level ? `${formatPeople(runAt)} users` : loadText({ sessionsPerSecond: runAt })}`
}

function effectText({ path, low, high, levelAtLow, levelAtHigh }: RangeEffect, level: Level): string {
  const text = (value: number): string => valueText(levelLike(level, value))
  return `${fieldText(path)}, ${low}..${high} (${text(Math.min(levelAtLow, levelAtHigh))} to ${text(Math.max(levelAtLow, levelAtHigh))} by itself)`
}
