import type { PhoneRecord } from '../result/phone-records.ts'
import type { CallRecord, TurnRecord } from '../result/records.ts'
import { PhoneSeries } from '../result/phone-series.ts'
import type { PhonePoint, SeriesPoint } from '../result/summary.ts'
import { Histogram } from '../stats/histogram.ts'

export interface RunSeriesInput {
  readonly turns: Iterable<Readonly<TurnRecord>>
  readonly calls: readonly Readonly<CallRecord>[]
  /** Where the sessions were calls by telephone. */
  readonly phone?: readonly Readonly<PhoneRecord>[]
  /** Of the whole run, warm-up included. */
  readonly endMs: number
  /** Users who should be there at an instant, or sessions a second. */
  readonly usersAt: (atMs: number) => number
}

const points = 60

/** The run over time, in sixty equal stretches: what happened in each, and how many calls were in flight on average. */
export function runSeries({ turns, calls, phone, endMs, usersAt }: RunSeriesInput): SeriesPoint[] {
  if (!(endMs > 0)) return []
  const stretchMs = endMs / points
  const stretchOf = (atMs: number): number => Math.floor(atMs / stretchMs)
  const stretches = Array.from({ length: points }, () => ({
    times: new Histogram(),
    completed: 0,
    errors: 0,
    rateLimited: 0,
    inFlightMs: 0,
  }))
  for (const { outcome, sentAtMs, endedAtMs } of turns) {
    const stretch = stretches[stretchOf(endedAtMs)]
    if (!stretch) continue
    if (outcome === 'completed') {
      stretch.completed++
      stretch.times.add(endedAtMs - sentAtMs)
    } else stretch.errors++
  }
  for (const { kind, errorKind, sentAtMs, endedAtMs } of calls) {
    if (kind !== 'model') continue
    const last = stretches[stretchOf(endedAtMs)]
    if (last && errorKind === 'rate_limited') last.rateLimited++
    for (let i = Math.max(0, stretchOf(sentAtMs)); i < points && i * stretchMs < endedAtMs; i++)
      stretches[i]!.inFlightMs += Math.min(endedAtMs, (i + 1) * stretchMs) - Math.max(sentAtMs, i * stretchMs)
  }
  const ofCalls = phone && callPoints(phone, turns, stretchMs)
  return stretches.map(({ times, completed, errors, rateLimited, inFlightMs }, i) => ({
    atMs: (i + 1) * stretchMs,
    users: usersAt((i + 0.5) * stretchMs),
    turnsPerSecond: (completed / stretchMs) * 1000,
    ...(completed > 0 ? { turnP50Ms: times.quantile(0.5), turnP95Ms: times.quantile(0.95) } : {}),
    ...(calls.length > 0 ? { callsInFlight: inFlightMs / stretchMs, rateLimited } : {}),
    errors,
    ...(ofCalls ? { phone: ofCalls[i]! } : {}),
  }))
}

function callPoints(
  calls: readonly Readonly<PhoneRecord>[],
  turns: Iterable<Readonly<TurnRecord>>,
  stretchMs: number,
): PhonePoint[] {
  const series = new PhoneSeries({ stretchMs, count: points })
  for (const turn of turns) series.turn(turn)
  for (const call of calls) series.call(call)
  return series.points()
}
