import { Mistake } from './mistake.ts'
import {
  formatDuration,
  formatPercent,
  formatSize,
  parseDuration,
  parseMemory,
  parseMoney,
  parseRatePerMinute,
  parseSize,
} from './units.ts'

/** A range's two ends in one unit, and how a value between them is written. */
export interface RangeEnds {
  readonly low: number
  readonly high: number
  readonly format: (value: number) => string
}

interface Kind {
  /** As it is said of a mistake: `an amount of money`. */
  readonly name: string
  readonly parse: (text: string) => number | undefined
  readonly format: (value: number) => string
}

const tidy = (value: number): string => String(Number(value.toPrecision(12)))

/** Beyond 100 % too: which shares are allowed is the field's own matter. */
function parsePercent(text: string): number | undefined {
  const digits = /^\s*(\d.*?) ?%\s*$/.exec(text)?.[1]
  const percent = digits === undefined ? undefined : parseSize(digits)
  return percent === undefined ? undefined : percent / 100
}

/** With its unit: a bare number is one of those. */
const parseUnitRate = (text: string): number | undefined =>
  text.includes('/') ? parseRatePerMinute(text) : undefined

const kinds: readonly Kind[] = [
  { name: 'a number', parse: parseSize, format: (value) => formatSize(Number(tidy(value))) },
  { name: 'a duration', parse: parseDuration, format: (value) => formatDuration(Number(tidy(value))) },
  { name: 'a share', parse: parsePercent, format: formatPercent },
  { name: 'an amount of money', parse: parseMoney, format: (value) => `$${tidy(value)}` },
  { name: 'a rate', parse: parseUnitRate, format: (value) => `${tidy(value)}/min` },
  { name: 'an amount of memory', parse: parseMemory, format: (value) => `${tidy(value / 1e9)}GB` },
]

/** Reads the ends of `40%..80%`; a bare 0 has every unit. Throws a `Mistake`. */
export function rangeEnds(lowText: string, highText: string): RangeEnds {
  const text = `${lowText}..${highText}`
  const read = ({ parse }: Kind, end: string): number | undefined => (Number(end) === 0 ? 0 : parse(end))
  for (const kind of kinds) {
    const [low, high] = [read(kind, lowText), read(kind, highText)]
    if (low === undefined || high === undefined) continue
    if (low > high)
      throw new Mistake('bad_range', `${text} ends below its start`, `such as ${highText}..${lowText}`)
    return { low, high, format: kind.format }
  }
  const [low, high] = [lowText, highText].map((end) => kinds.find(({ parse }) => parse(end) !== undefined))
  if (!low || !high) throw new Mistake('bad_range', `${text} is not understood`, rangeExample)
  throw new Mistake(
    'bad_range',
    `${text} is ${low.name} at one end and ${high.name} at the other`,
    `both ends have a unit of one kind, ${rangeExample}`,
  )
}

export const rangeExample = 'such as 30s..60s, 40%..80% or 400..500'
