import type { Metric } from '../workload/metrics.ts'
import { hourMs, minuteMs } from '../workload/units.ts'

const absent = '–'

/** `420 ms`, `9.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`: two or three significant digits. */
export function formatMs(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return absent
  if (ms === 0) return '0 ms'
  if (Math.abs(ms) < 1) return `${Number(ms.toPrecision(2))} ms`
  if (Math.abs(ms) < 999.5) return `${Number(ms.toPrecision(3))} ms`
  if (Math.abs(ms) < 99_950) return `${significant(ms / 1000)} s`
  if (Math.abs(ms) < hourMs - 500) return joinUnits(Math.round(ms / 1000), 60, 'min', 's')
  return joinUnits(Math.round(ms / minuteMs), 60, 'h', 'min')
}

/** `147`, `1,200`, `450k`, `1.2M`: whole below ten thousand, then in thousands and millions. */
export function formatCount(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return absent
  const size = Math.abs(value)
  if (size >= 1e15) return value.toExponential(1)
  if (size >= 999.5e9) return `${Number((value / 1e12).toPrecision(3))}T`
  if (size >= 999.5e6) return `${Number((value / 1e9).toPrecision(3))}B`
  if (size >= 999_500) return `${Number((value / 1e6).toPrecision(3))}M`
  if (size >= 9999.5) return `${Number((value / 1e3).toPrecision(3))}k`
  if (size >= 100 || Number.isInteger(value)) return grouped(Math.round(value))
  return `${Number(value.toPrecision(size < 1 ? 2 : 3))}`
}

/** `2,662,550`, `0.0203902`, `5.67209e-9`: six digits, so that a formula can be done by hand. */
export function formatExact(value: number): string {
  if (!Number.isFinite(value)) return absent
  const size = Math.abs(value)
  const needsExponent = (size > 0 && size < 1e-4) || size >= 1e15
  const text = needsExponent
    ? Number(size.toPrecision(6)).toExponential()
    : size.toLocaleString('en', { maximumSignificantDigits: 6 })
  return `${value < 0 ? '−' : ''}${text}`
}

/** `20,000`: people are counted one by one, never in k. */
export function formatPeople(people: number | undefined): string {
  return people === undefined || !Number.isFinite(people) ? absent : grouped(Math.round(people))
}

/** A value of a metric in its own unit. */
export function metricText(unit: Metric['unit'], value: number | undefined): string {
  return { ms: formatMs, share: formatShare, count: formatCount }[unit](value)
}

/** `120 bytes`, `4.2 kB`, `31 MB`. */
export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined || !Number.isFinite(bytes)) return absent
  const size = Math.abs(bytes)
  if (size < 999.5) return `${Math.round(bytes)} bytes`
  if (size < 999_500) return `${Number((bytes / 1e3).toPrecision(3))} kB`
  return `${formatCount(Number((bytes / 1e6).toPrecision(3)))} MB`
}

/** `1.2 %`, `85 %`, `0 %`. */
export function formatShare(share: number | undefined): string {
  if (share === undefined || !Number.isFinite(share)) return absent
  const percent = share * 100
  const size = Math.abs(percent)
  const digits = size === 0 || size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2
  return `${size >= 1000 ? grouped(Math.round(percent)) : Number(percent.toFixed(digits))} %`
}

/** `+4.2 %`, `−12 %`, `0 %`. */
export function formatChange(share: number): string {
  const size = formatShare(Math.abs(share))
  return size === '0 %' || size === absent ? size : `${share < 0 ? '−' : '+'}${size}`
}

/** `$0.0031`, `$12.40`, `$1,240`. */
export function formatUsd(usd: number | undefined): string {
  if (usd === undefined || !Number.isFinite(usd)) return absent
  const size = Math.abs(usd)
  if (size >= 100) return `$${grouped(Math.round(usd))}`
  if (size >= 0.1 || size === 0) return `$${usd.toFixed(2)}`
  return `$${Number(usd.toPrecision(2))}`
}

/** `141 to 152`, in the given format. */
export function formatRange(
  range: readonly [number | undefined, number | undefined] | undefined,
  format: (value: number) => string,
): string {
  const [low, high] = range ?? []
  return low === undefined || high === undefined ? '' : `${format(low)} to ${format(high)}`
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function joinUnits(small: number, base: number, bigUnit: string, smallUnit: string): string {
  const big = Math.floor(small / base)
  const rest = small % base
  return rest === 0 ? `${formatCount(big)} ${bigUnit}` : `${formatCount(big)} ${bigUnit} ${rest} ${smallUnit}`
}

function grouped(value: number): string {
  // What is rounded to nothing has no sign.
  return (value || 0).toLocaleString('en-US')
}
