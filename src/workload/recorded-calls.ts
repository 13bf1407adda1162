import type { Distribution } from '../stats/distribution.ts'
import { constant, exponential, lognormal } from '../stats/distributions.ts'
import { readTrace, type Traces } from './parse-distribution.ts'
import { Mistake } from './mistake.ts'
import type { InstantUnit } from './parse-instant.ts'
import { durationUnit } from './quantity.ts'
import { readInstants } from './read-instants.ts'
import { dayMs, hourMs, minuteMs } from './units.ts'

/** Calls as they were: one row each, or so many for each half hour. */
export interface CallRecords {
  readonly file: string
  readonly at: string
  readonly unit?: InstantUnit | undefined
  readonly duration?: string | undefined
  readonly handedOff?: string | undefined
  readonly calls?: string | undefined
  readonly meanDuration?: string | undefined
  readonly open?: { readonly from: number; readonly to: number } | undefined
}

/** What the calls of a telephone system come to. */
export interface RecordedCalls {
  readonly file: string
  readonly calls: number
  readonly days: number
  /** In the busiest half hour, and when that began. */
  readonly callsPerMinute: number
  readonly busiestAtMs: number
  /** Busiest half hour over the mean of all days. */
  readonly peakToAverage: number
  /** Share of the calls before and after the opening hours, or at a weekend. */
  readonly afterHours: number
  /** Share of the calls in each hour of the day, as the file's clock has it. */
  readonly byHour: readonly number[]
  /** Absent where no column says it. */
  readonly duration?: Distribution
  readonly handedOff?: number
}

const halfHourMs = 30 * minuteMs
const usualOpen = { from: 8, to: 18 }

/** Reads call records or half-hourly counts; throws a `Mistake`. Durations in the file are seconds. */
export function readCallRecords(section: CallRecords, traces: Traces | undefined): RecordedCalls {
  const { file, at, open = usualOpen } = section
  const optional = (name: string | undefined, kind: 'amount' | 'flag'): readonly number[] | undefined =>
    name === undefined ? undefined : readTrace(traces, file, name, kind)
  const atMs = readInstants(traces, file, at, section.unit)
  const counts = optional(section.calls, 'amount') ?? atMs.map(() => 1)
  const total = sum(counts)
  if (!(total > 0) || counts.some((count) => !(count >= 0)))
    throw new Mistake('missing_trace', `records ${file}: there are no calls in it`)
  const seconds = optional(section.duration, 'amount') ?? optional(section.meanDuration, 'amount')
  const duration = seconds && durationOf(file, seconds, counts, section.duration !== undefined)
  const flags = optional(section.handedOff, 'flag')
  const byHalfHour = new Map<number, number>()
  const byHour = Array.from({ length: 24 }, () => 0)
  let after = 0
  for (const [i, instant] of atMs.entries()) {
    const slot = Math.floor(instant / halfHourMs)
    byHalfHour.set(slot, (byHalfHour.get(slot) ?? 0) + counts[i]!)
    const hour = Math.floor((instant % dayMs) / hourMs)
    byHour[hour]! += counts[i]! / total
    if (hour < open.from || hour >= open.to || isWeekend(instant)) after += counts[i]!
  }
  const [busiest, most] = [...byHalfHour].reduce((best, each) => (each[1] > best[1] ? each : best))
  const slots = [...byHalfHour.keys()].toSorted((a, b) => a - b)
  // Whole days: the nights before the first call and after the last belong to the average.
  const days =
    Math.floor((slots.at(-1)! * halfHourMs) / dayMs) - Math.floor((slots[0]! * halfHourMs) / dayMs) + 1
  return {
    file,
    calls: total,
    days,
    callsPerMinute: most / 30,
    busiestAtMs: busiest * halfHourMs,
    peakToAverage: most / (total / (days * 48)),
    afterHours: after / total,
    byHour,
    ...(duration ? { duration } : {}),
    ...(flags ? { handedOff: sum(flags.map((flag, i) => flag * counts[i]!)) / total } : {}),
  }
}

/** By its first two moments: call lengths are skewed, and Erlang’s formula asks for no more than the mean. */
function durationOf(
  file: string,
  seconds: readonly number[],
  counts: readonly number[],
  isOfEach: boolean,
): Distribution {
  const ms = seconds.map((value) => value * 1000)
  if (ms.some((value) => !(value >= 0 && value < Infinity)))
    throw new Mistake('missing_trace', `records ${file}: a call lasts at least 0 seconds`)
  const weight = sum(counts)
  const mean = sum(ms.map((value, i) => value * counts[i]!)) / weight
  if (!(mean > 0)) throw new Mistake('missing_trace', `records ${file}: no call lasts longer than 0 seconds`)
  if (!isOfEach) return exponential(mean, `exponential(mean ${durationUnit.format(mean)})`)
  const variance = sum(ms.map((value, i) => counts[i]! * (value - mean) ** 2)) / weight
  const cv = Number((Math.sqrt(variance) / mean).toPrecision(3))
  const text = durationUnit.format(Math.round(mean / 1000) * 1000)
  return cv === 0 ? constant(mean, text) : lognormal(mean, cv, `lognormal(mean ${text} cv ${cv})`)
}

/** 1 January 1970 was a Thursday. */
const isWeekend = (atMs: number): boolean => [0, 6].includes((Math.floor(atMs / dayMs) + 4) % 7)

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
