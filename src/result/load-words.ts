import { type Level, levelValue } from '../workload/level.ts'
import { formatCount, formatPeople } from './figure-text.ts'

/** What stands at a level of load: a capacity, a summary. With `phone`, its sessions a second are calls by telephone. */
export interface AtLoad {
  readonly level: Level
  readonly phone?: object | undefined
  /** It moved in stages, and this is the highest. */
  readonly stages?: true
}

/** What load is counted in where it is told. */
export type LoadUnit = 'users' | 'sessions/s' | 'calls/min'

export function loadUnit({ level, phone }: AtLoad): LoadUnit {
  return 'users' in level ? 'users' : phone ? 'calls/min' : 'sessions/s'
}

/** A load of the same kind in its unit: calls are told a minute. */
export function inUnit(at: AtLoad, value: number = levelValue(at.level)): number {
  return loadUnit(at) === 'calls/min' ? value * 60 : value
}

/** The number of a load alone: `147`, `0.42`, `46.3`. */
export function countText(at: AtLoad, value?: number): string {
  const count = inUnit(at, value)
  return 'users' in at.level ? formatPeople(count) : formatCount(count)
}

/** `147 users`, `1 user`, `0.42 sessions/s`, `46.3 calls/min` where sessions are calls, of stages `up to 147 users`. */
export function loadText(at: AtLoad, value: number = levelValue(at.level)): string {
  const upTo = at.stages ? 'up to ' : ''
  return 'users' in at.level && value === 1
    ? `${upTo}1 user`
    : `${upTo}${countText(at, value)} ${loadUnit(at)}`
}

/** `141` and `152`: whole users are rounded outwards; nothing where an end is not known. */
export function endTexts(
  at: AtLoad,
  { low, high }: { readonly low?: number; readonly high?: number },
): [from: string, to: string] | undefined {
  if (low === undefined || high === undefined || !Number.isFinite(low) || !Number.isFinite(high))
    return undefined
  const whole = 'users' in at.level
  return [countText(at, whole ? Math.floor(low) : low), countText(at, whole ? Math.ceil(high) : high)]
}

/** `141 to 152`; empty where an end is not known. */
export const rangeText = (at: AtLoad & { readonly low?: number; readonly high?: number }): string =>
  endTexts(at, at)?.join(' to ') ?? ''

/** A capacity of calls: how long one of them is on the line. */
export interface AtOnce {
  readonly level: Level
  readonly phone?: { readonly heldMs: number } | undefined
}

/** Calls that are up at once on average: the rate times how long one is on the line (Little). */
export function callsAtOnce({ level, phone }: AtOnce, value: number = levelValue(level)): number | undefined {
  const calls = phone && (value * phone.heldMs) / 1000
  return calls !== undefined && Number.isFinite(calls) ? calls : undefined
}

/** `131`, of few calls `2.4`. */
export function atOnceText(calls: number): string {
  return calls < 9.95 ? formatCount(Number(calls.toPrecision(2))) : formatPeople(calls)
}

/** `131 calls at once (46.3 calls/min)`; the load alone where it is not of calls. `more` stands in the brackets. */
export function atOnceLoadText(at: AtOnce, value: number = levelValue(at.level), more = ''): string {
  const calls = callsAtOnce(at, value)
  if (calls === undefined) return `${loadText(at, value)}${more === '' ? '' : ` (${more})`}`
  const text = atOnceText(calls)
  const inBrackets = [loadText(at, value), ...(more === '' ? [] : [more])].join('; ')
  return `${text} ${text === '1' ? 'call' : 'calls'} at once (${inBrackets})`
}
