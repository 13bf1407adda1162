import { type Command, InvalidArgumentError, type Option } from 'commander'
import { formatDuration, parseDuration, parseMemory } from '../workload/units.ts'
import { parseOverride } from './read-workload.ts'

export interface CommonFlags {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
  readonly details?: boolean
  readonly set: readonly string[]
  readonly seed: number
}

/** The flags that every verb with a workload file has. */
export function withCommonFlags(command: Command): Command {
  return command
    .option('--set <path=value>', 'override a field of the file (repeatable)', collectOverride, [])
    .option('--seed <number>', 'seed of every random draw', wholeNumber, 1)
    .option('--json', 'print the result as JSON on stdout')
    .option('--quiet', 'no progress and no notes')
    .option('--no-color', 'no colours')
    .helpOption('-h, --help', 'display help for command')
}

/** What help says of an option: its choices, and its default where there is one, as people would write it. */
export function optionDescription({
  description,
  argChoices,
  defaultValue,
  parseArg,
  negate,
}: Pick<Option, 'description' | 'argChoices' | 'defaultValue' | 'parseArg' | 'negate'>): string {
  const isTime = parseArg === duration || parseArg === warmUpTime
  const hasNone = negate || defaultValue === undefined || Array.isArray(defaultValue)
  const more = [
    ...(argChoices ? [argChoices.join(', ')] : []),
    ...(hasNone ? [] : [`default: ${isTime ? formatDuration(Number(defaultValue)) : String(defaultValue)}`]),
  ]
  return more.length > 0 ? `${description} (${more.join('; ')})` : description
}

/** Adds `--details` to a verb that tells one level. */
export function withDetailsFlag(command: Command): Command {
  return command.option('--details', 'show turns by scenario and by their place in the session')
}

/** Gathers repeated `--set path=value`. */
export function collectOverride(value: string, earlier: readonly string[]): string[] {
  parseOverride(value)
  return [...earlier, value]
}

/** Gathers repeated `--against path=value`. */
export function collectChange(value: string, earlier: readonly string[]): string[] {
  parseOverride(value, '--against')
  return [...earlier, value]
}

/** A number as it was written; NaN where nothing was, which `Number` takes for 0. */
export function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text)
}

/** `0`, `1`, `2` ...: a seed, for example. */
export function wholeNumber(text: string): number {
  const value = numberOf(text)
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('expected a whole number, 0 or more')
  return value
}

/** `1`, `2`, `3` ...: a number of users, for example. */
export function positiveWhole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('expected a whole number, 1 or more')
  return value
}

/** A port to listen on; 0 takes a free one. */
export function port(text: string): number {
  const value = wholeNumber(text)
  if (value > 65_535) throw new InvalidArgumentError('expected a port, 0 to 65535')
  return value
}

/** An address of HTTP, as it was written. */
export function httpUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('expected a URL such as http://localhost:8000')
  return text
}

/** Gathers hosts as URLs have them, whose labels may be stars. */
export function collectHost(text: string, earlier: readonly string[]): string[] {
  const url = `https://${text}`
  const host = URL.canParse(url) ? new URL(url).host : ''
  if (host === '' || new URL(url).href !== `https://${host}/`)
    throw new InvalidArgumentError('expected a host such as llm.example.com, *.example.com or [::1]:8443')
  return [...earlier, host]
}

/** Where a provider answers, or `none`. */
export function providerUrl(text: string): string {
  return text === 'none' ? text : new URL(httpUrl(text)).origin
}

/** A finite number above 0, whole or not. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0')
  return value
}

/** `2kB` as bytes. */
export function memory(text: string): number {
  const bytes = parseMemory(text)
  if (bytes === undefined || bytes <= 0) throw new InvalidArgumentError('expected an amount such as 2kB')
  return bytes
}

/** `5m` as milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('expected a duration such as 30s or 5m')
  return ms
}

/** `5m` as milliseconds; `0s` leaves nothing out. */
export function warmUpTime(text: string): number {
  return parseDuration(text) === 0 ? 0 : duration(text)
}

/** `75%` or `0.75` as a share. */
export function share(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('expected a share such as 75%')
  return value
}

/** A rate of sessions, or `trace` for the rate at which the workload's trace was recorded. */
export function arrivals(text: string): number | 'trace' {
  if (/\.csv(\.gz)?$/i.test(text))
    throw new InvalidArgumentError(
      `traces are named in the workload file, or by --set 'users.arrivals={ trace: ${text}, at: COLUMN }' --arrivals trace`,
    )
  return text === 'trace' ? text : arrivalRate(text)
}

const secondsOf = { s: 1, m: 60, min: 60, h: 3600 }

/** `3/s`, `90/m` as sessions a second; `90/min` as the file says it of calls. */
function arrivalRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|min|h)$/.exec(text.trim())
  const value = match ? Number(match[1]) / secondsOf[match[2] as keyof typeof secondsOf] : NaN
  if (!(value > 0))
    throw new InvalidArgumentError('expected sessions over time, such as 3/s or 90/m, or trace')
  return value
}
