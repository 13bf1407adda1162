// The units of the workload file. Each reader answers undefined for what it cannot read; negative numbers, NaN
// and Infinity are never read.

/** A number as the file writes it, without its unit. */
export const numberPattern = String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

const durationUnits: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: minuteMs, h: hourMs }
const sizeUnits: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 }
const memoryUnits: Readonly<Record<string, number>> = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}
const rateUnits: Readonly<Record<string, number>> = { '': 1, '/s': 60, '/min': 1, '/m': 1, '/h': 1 / 60 }

/** Regular expressions of the units, for editors. */
export const unitPatterns = {
  duration: `^(?:0|${numberPattern} ?(?:us|ms|s|m|h))$`,
  size: `^${numberPattern}[kMG]?$`,
  share: `^${numberPattern} ?%$`,
  money: String.raw`^\$${numberPattern}[kM]?$`,
  memory: `^${numberPattern} ?(?:[kMGT]B|[KMGT]iB)$`,
  rate: `^${numberPattern}[kMG]?(?:/s|/min|/m|/h)?$`,
  callRate: `^${numberPattern}[kMG]?(?:/s|/min|/m|/h)$`,
} as const

/** The pattern of a value or of a range of such values. */
export function orRange(pattern: string): string {
  const value = `(?:${pattern.replace(/^\^/, '').replace(/\$$/, '')})`
  return String.raw`^${value}(?:\s*\.\.\s*${value})?$`
}

const splitNumber = new RegExp(`^(${numberPattern}) ?(.*)$`)

function read(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = splitNumber.exec(text.trim())
  if (!match) return undefined
  const unit = Object.hasOwn(units, match[2]!) ? units[match[2]!] : undefined
  const value = unit === undefined ? NaN : times(match[1]!, unit)
  return Number.isFinite(value) ? value : undefined
}

/** Powers of ten shift the decimal point, so that `0.3ms` and `300us` are one number. */
function times(digits: string, unit: number): number {
  const power = Math.log10(unit)
  if (!Number.isInteger(power)) return Number(digits) * unit
  const [mantissa, exponent = '0'] = digits.toLowerCase().split('e') as [string, string?]
  return Number(`${mantissa}e${Number(exponent) + power}`)
}

/** Milliseconds of `45s`, `200ms`, `1.5m`, `2h` or `20us`; `0` needs no unit. */
export function parseDuration(text: string): number | undefined {
  return text.trim() === '0' ? 0 : read(text, durationUnits)
}

/** The number of `200`, `200k` or `1.2M`. */
export function parseSize(text: string): number | undefined {
  return read(text, sizeUnits)
}

/** `4%` as 0.04; more than 100 % is not a share. */
export function parseShare(text: string): number | undefined {
  const percent = read(text, { '%': 0.01 })
  return percent !== undefined && percent <= 1 ? percent : undefined
}

/** US dollars of `$350` or `$1.2k`. */
export function parseMoney(text: string): number | undefined {
  return text.trim().startsWith('$') ? read(text.trim().slice(1), { '': 1, k: 1e3, M: 1e6 }) : undefined
}

/** Bytes of `8GB` (powers of ten) or `8GiB` (powers of two). */
export function parseMemory(text: string): number | undefined {
  return read(text, memoryUnits)
}

/** What happens in a minute: `500`, `450k`, `3/s`, `7.5k/s`, `100/h`. */
export function parseRatePerMinute(text: string): number | undefined {
  const match = /^(.*?)(\/[a-z]+)?$/.exec(text.trim())!
  const unit = match[2] ?? ''
  const amount = parseSize(match[1]!)
  return amount === undefined || !Object.hasOwn(rateUnits, unit) ? undefined : amount * rateUnits[unit]!
}

/** A duration in the file's words: the shortest that reads back exactly. */
export function formatDuration(ms: number): string {
  return shortest(ms, durationUnits, parseDuration)
}

/** A share in the file's words: `4%` of 0.04. */
export function formatPercent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`
}

/** A number of tokens or of anything else: `200k`, `1.2M`. */
export function formatSize(value: number): string {
  return shortest(value, sizeUnits, parseSize)
}

function shortest(
  value: number,
  units: Readonly<Record<string, number>>,
  parse: (text: string) => number | undefined,
): string {
  if (value === 0) return '0'
  let best = ''
  for (const [unit, factor] of Object.entries(units)) {
    // 200ms rather than 0.2s.
    if (factor > 1 && value < factor) continue
    const text = `${value / factor}${unit}`
    if (parse(text) === value && (best === '' || text.length <= best.length)) best = text
  }
  return best
}
