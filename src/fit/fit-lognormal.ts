import { normalQuantile } from '../stats/normal-quantile.ts'

/** Spread below which values are called the same: about the noise of a clock and a socket. */
const sameCv = 0.05

/** Moments and quantiles of measured amounts, in their own unit. */
export interface Sample {
  readonly mean: number
  readonly cv: number
  /** Of the lognormal that makes the values likeliest: its log-mean and log-deviation are those of the logarithms. */
  readonly p50: number
  readonly p95: number
  readonly count: number
}

/** What a sample of amounts above 0 says; values of 0 and less count as the least that can be told. */
export function sampleOf(values: readonly number[], least: number): Sample {
  const kept = values.map((value) => Math.max(least, value))
  const count = kept.length
  const average = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length
  const deviation = (of: readonly number[]): number => {
    const middle = average(of)
    const squares = of.reduce((sum, value) => sum + (value - middle) ** 2, 0)
    return count > 1 ? Math.sqrt(squares / (count - 1)) : 0
  }
  const logs = kept.map(Math.log)
  const mean = average(kept)
  const p50 = Math.exp(average(logs))
  return {
    mean,
    cv: deviation(kept) / mean,
    p50,
    p95: p50 * Math.exp(normalQuantile(0.95) * deviation(logs)),
    count,
  }
}

/** A duration in the words of the file: by its quantiles, which an outlier moves little. */
export function durationWords(valuesMs: readonly number[]): string {
  const { mean, cv, p50, p95 } = sampleOf(valuesMs, 0.01)
  return cv < sameCv ? ms(mean) : `lognormal(p50 ${ms(p50)} p95 ${ms(p95)})`
}

/** A number of tokens in the words of the file: by its mean, which the bill hangs on. */
export function tokenWords(values: readonly number[]): string | number {
  const { mean, cv } = sampleOf(values, 0.1)
  const middle = Number(mean.toPrecision(4))
  return cv < sameCv ? middle : `lognormal(mean ${middle} cv ${Number(cv.toPrecision(3))})`
}

/** Shares of whole numbers as the file has them: hundredths of a percent that add up to all. */
export function shareWords(values: readonly number[]): number | ReadonlyMap<number, string> {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  if (counts.size === 1) return values[0]!
  const exact = [...counts].map(([value, count]) => ({ value, part: (count / values.length) * allParts }))
  const left = allParts - exact.reduce((sum, { part }) => sum + Math.floor(part), 0)
  const upwards = new Set(
    exact
      .toSorted((one, other) => (other.part % 1) - (one.part % 1))
      .slice(0, left)
      .map(({ value }) => value),
  )
  return new Map(
    exact
      .toSorted((one, other) => one.value - other.value)
      .map(({ value, part }) => [value, `${(Math.floor(part) + (upwards.has(value) ? 1 : 0)) / 100}%`]),
  )
}

const allParts = 10_000

const ms = (value: number): string => `${Number(value.toPrecision(4))}ms`
