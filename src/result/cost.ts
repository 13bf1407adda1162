import type { Level } from '../workload/level.ts'
import { hoursPerMonth } from '../workload/unit-prices.ts'
import { serversOf } from '../workload/servers-of.ts'
import type { Price, Workload } from '../workload/workload.ts'
import type { Summary } from './summary.ts'
import { hourMs } from '../workload/units.ts'

export interface Tokens {
  readonly input: number
  /** Of `input`, what the prompt cache served. */
  readonly cachedInput: number
  /** Of `input`, what the prompt cache keeps from here on. */
  readonly written?: number
  /** Of that, what it keeps for an hour. */
  readonly hourly?: number
  readonly output: number
}

/** Dollars for these tokens at a list price. */
export function tokensUsd(
  price: Price,
  { input, cachedInput, written = 0, hourly = 0, output }: Tokens,
): number {
  const { inputPerMillionUsd, cachedPerMillionUsd, outputPerMillionUsd } = price
  const { writtenPerMillionUsd = inputPerMillionUsd } = price
  const { hourlyPerMillionUsd = writtenPerMillionUsd } = price
  return (
    ((input - cachedInput - written) * inputPerMillionUsd +
      cachedInput * cachedPerMillionUsd +
      (written - hourly) * writtenPerMillionUsd +
      hourly * hourlyPerMillionUsd +
      output * outputPerMillionUsd) /
    1e6
  )
}

/** What a model says that an answer used, as `Tokens`. */
interface Usage {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly writtenTokens?: number
  readonly hourlyTokens?: number
  readonly outputTokens: number
}

/** Dollars for what a model says that an answer used. */
export function usageUsd(
  price: Price,
  { inputTokens, cachedTokens, writtenTokens = 0, hourlyTokens = 0, outputTokens }: Usage,
): number {
  return tokensUsd(price, {
    input: inputTokens,
    cachedInput: cachedTokens,
    written: writtenTokens,
    hourly: hourlyTokens,
    output: outputTokens,
  })
}

/**
 * What turns at a price and a rate come to. A month is 730 hours at the average load, where the level is the peak
 * (`users.peak.peakToAverage`), and the file's servers all the time. Absent where the price of a turn is unknown.
 * The rate is that of the peak, or of a window of time from midnight on in which the load followed the day.
 */
export function costAt(
  workload: Workload,
  level: Level,
  perTurnUsd: number | undefined,
  turnsPerSecond: number,
  window?: Summary['window'],
): Pick<Summary, 'cost'> {
  if (perTurnUsd === undefined) return {}
  const { peakToAverage = 1, day } = workload.users.peak
  const followsDay = day && window && 'sessionsPerSecond' in level
  const busyShare = followsDay ? shareWithin(day, window) : 1
  // Turns of an hour before that end in one without arrivals: no rate follows from them.
  if (busyShare === 0) return { cost: { perTurnUsd } }
  const perHourUsd = (perTurnUsd * turnsPerSecond * 3600) / busyShare
  return {
    cost: {
      perTurnUsd,
      ...('users' in level && level.users > 0 ? { perUserHourUsd: perHourUsd / level.users } : {}),
      perMonthUsd: (perHourUsd * hoursPerMonth) / peakToAverage + (serversPerMonthUsd(workload) ?? 0),
    },
  }
}

/** How busy a window of the day's curve is, of the busiest hour. */
function shareWithin(
  day: readonly number[],
  { warmupMs, measuredMs }: NonNullable<Summary['window']>,
): number {
  const toMs = warmupMs + measuredMs
  let busyMs = 0
  for (let hour = Math.floor(warmupMs / hourMs); hour * hourMs < toMs; hour++) {
    const withinMs = Math.min(toMs, (hour + 1) * hourMs) - Math.max(warmupMs, hour * hourMs)
    busyMs += day[hour % day.length]! * withinMs
  }
  return busyMs / measuredMs
}

/** What the servers that the file describes cost together a month; absent where it has no price for one. */
export function serversPerMonthUsd(workload: Workload): number | undefined {
  const each = workload.agent.server?.perMonthUsd
  return each === undefined ? undefined : each * serversOf(workload)
}
