import { formatShare, formatUsd } from '../figure-text.ts'
import type { Capacity } from '../capacity.ts'
import type { RangeEffect, Spread } from '../uncertainty.ts'
import { type AtLoad, countText, loadText, endTexts, loadUnit } from '../load-words.ts'
import { fieldText } from './words.ts'

/** Where the answer lies over the ranges that the file gives, and the range that it hangs on most. */
export function howWide(capacity: Capacity): string | undefined {
  const { uncertainty, runAt } = capacity
  if (!uncertainty) return undefined
  const { level: spread, covers, draws, impossible, unbounded, inputs, perMonthUsd } = uncertainty
  const ranges = inputs.length === 1 ? 'the range' : `the ${inputs.length} ranges`
  if (spread.least === spread.most)
    return `${loadText(capacity, spread.least)} wherever ${ranges} of the file may lie${costText(perMonthUsd, capacity, runAt)}`
  const all =
    unbounded > 0 ? `, ${formatShare(unbounded / (draws - impossible))} of them without a limit` : ''
  const hangs = inputs[0] ? `: hangs most on ${effectText(inputs[0], capacity)}` : ''
  return `somewhere between ${endTexts(capacity, spread)!.join(' and ')} ${loadUnit(capacity)} (${covers} from ${ranges} of the file${all}; ${corners(capacity, spread)} at ${inputs.length === 1 ? 'its' : 'their'} worst and best)${hangs}${costText(perMonthUsd, capacity, runAt)}`
}

const corners = (at: AtLoad, { least, most }: Spread): string =>
  `${countText(at, least)} to ${countText(at, most)}`

/** The bill of the load to run at: what a draw would carry is another matter. */
function costText(perMonthUsd: Spread | undefined, at: AtLoad, runAt: number): string {
  if (!perMonthUsd || runAt <= 0) return ''
  const [low, high] = [perMonthUsd.low, perMonthUsd.high].map((usd) => formatUsd(Number(usd.toPrecision(3))))
  if (low === high) return ''
  return `; ${low} to ${high} a month for ${loadText(at, runAt)}`
}

function effectText({ path, low, high, levelAtLow, levelAtHigh }: RangeEffect, at: AtLoad): string {
  const text = (value: number): string => countText(at, value)
  return `${fieldText(path)}, ${low}..${high} (${text(Math.min(levelAtLow, levelAtHigh))} to ${text(Math.max(levelAtLow, levelAtHigh))} by itself)`
}
