import { gamma } from '../stats/distributions.ts'
import type { Distribution } from '../stats/distribution.ts'
import { constant } from '../stats/distributions.ts'
import { Mistake } from './mistake.ts'
import { readTrace, type Traces } from './parse-distribution.ts'
import type { InstantUnit } from './parse-instant.ts'
import { readShare, shown } from './quantity.ts'
import { areTakenAsMs, readInstants } from './read-instants.ts'

/** How the sessions of open load arrive; a Poisson process where a workload has none. */
export type Arrivals = RenewalArrivals | TraceArrivals

/** Independent gaps of one law, in units of the mean gap. */
export interface RenewalArrivals {
  readonly kind: 'renewal'
  /** In the words of the file: `gamma(cv 3)`. */
  readonly text: string
  readonly gap: Distribution
}

/** Recorded instants, played again from the first one when they are over; session n is row n modulo their number. */
export interface TraceArrivals {
  readonly kind: 'trace'
  readonly text: string
  /** Since the first, ascending. */
  readonly atMs: readonly number[]
  /** One gap more than there are, so that the end joins the beginning. */
  readonly periodMs: number
  /** Plain numbers, read as milliseconds for want of a unit. */
  readonly takenAsMs?: true
  /** Of the user's message and of each answer of the session; absent where the file names no column. */
  readonly inputTokens?: readonly number[]
  readonly outputTokens?: readonly number[]
}

/** The rate at which a trace was recorded. */
export function recordedPerSecond({ atMs, periodMs }: TraceArrivals): number {
  return (atMs.length / periodMs) * 1000
}

const hint = 'poisson, even, gamma(cv 3), or { trace: file.csv, at: COLUMN }'

/** `poisson`, `even` or `gamma(cv 3)`; throws a `Mistake`. */
export function readArrivals(value: unknown): Arrivals | undefined {
  if (value === 'poisson') return undefined
  if (value === 'even') return { kind: 'renewal', text: 'even', gap: constant(1) }
  const written = typeof value === 'string' ? /^\s*gamma\s*\(\s*cv\s+(\S+)\s*\)\s*$/.exec(value) : null
  if (!written) throw new Mistake('wrong_type', `${shown(value)} is no way to arrive`, hint)
  const cv = Number(written[1])
  if (!(cv > 0 && cv <= mostVaried))
    throw new Mistake('out_of_range', `a cv of ${written[1]} is not between 0 and ${mostVaried}`, hint)
  return cv === 1 ? undefined : { kind: 'renewal', text: `gamma(cv ${cv})`, gap: gamma(1, cv) }
}

/** Beyond it nearly all sessions come in one instant. */
const mostVaried = 30

export interface TraceSection {
  readonly trace: string
  readonly at: string
  readonly unit?: InstantUnit | undefined
  readonly input?: string | undefined
  readonly output?: string | undefined
}

/** The columns of a trace, in the order of its instants; throws a `Mistake`. */
export function readTraceArrivals(section: TraceSection, traces: Traces | undefined): TraceArrivals {
  const { trace, at } = section
  const instants = readInstants(traces, trace, at, section.unit)
  const order = instants.map((_, i) => i).sort((a, b) => instants[a]! - instants[b]! || a - b)
  const first = instants[order[0] ?? 0] ?? NaN
  const atMs = order.map((row) => instants[row]! - first)
  const lastMs = atMs.at(-1) ?? 0
  if (!(lastMs > 0))
    throw new Mistake('missing_trace', `trace ${trace}, column ${at}: two different instants are needed`)
  const tokens = (name: string): readonly number[] => {
    const values = readTrace(traces, trace, name, 'amount')
    const bad = values.find((value) => !(value >= 0 && value < Infinity))
    if (bad !== undefined)
      throw new Mistake('missing_trace', `trace ${trace}, column ${name}: ${bad} is not at least 0`)
    return order.map((row) => values[row]!)
  }
  const names = [section.input, section.output].flatMap((name) => (name === undefined ? [] : [` ${name}`]))
  return {
    kind: 'trace',
    text: `trace(${trace} ${at}${names.join('')})`,
    atMs,
    periodMs: (lastMs * atMs.length) / (atMs.length - 1),
    ...(areTakenAsMs(instants, section.unit) ? { takenAsMs: true } : {}),
    ...(section.input === undefined ? {} : { inputTokens: tokens(section.input) }),
    ...(section.output === undefined ? {} : { outputTokens: tokens(section.output) }),
  }
}

const hoursOfDay = 24

/** The 24 shares of the busiest hour's rate, from midnight on; throws a `Mistake`. */
export function readDay(value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.length !== hoursOfDay)
    throw new Mistake(
      'wrong_type',
      Array.isArray(value) ? `there are ${value.length} shares, not 24` : `${shown(value)} is no list`,
      'one share of the busiest hour for each hour from midnight: [10%, 5%, ..., 100%, ...]',
    )
  const shares = value.map(readShare)
  if (Math.max(...shares) < 1 - 1e-9)
    throw new Mistake(
      'out_of_range',
      'no hour has 100%',
      'shares are of the busiest hour, which has 100% itself',
    )
  return shares
}
