import { Mistake } from './mistake.ts'
import {
  formatDuration,
  formatPercent,
  formatSize,
  parseDuration,
  parseMemory,
  parseMoney,
  parseRatePerMinute,
  parseShare,
  parseSize,
} from './units.ts'

/** What a distribution is made of: durations or plain amounts. */
export interface QuantityUnit {
  read(value: unknown): number
  format(value: number): string
  /** An empirical map, for hints. */
  readonly shares: string
}

/** How a value of the file reads in a message: short, on one line. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return 'a map'
  const text = String(value).replaceAll(/\s+/g, ' ')
  const line = text.length > 60 ? `${text.slice(0, 57)}...` : text
  return line === '' ? 'an empty text' : line
}

interface Kind {
  readonly name: string
  readonly example: string
  parse(text: string): number | undefined
  /** Whether a bare number other than 0 is understood. */
  readonly bare: boolean
}

const duration: Kind = {
  name: 'a duration',
  example: '45s, 200ms or 1.5m',
  parse: parseDuration,
  bare: false,
}
const size: Kind = { name: 'a number', example: '200, 200k or 1.2M', parse: parseSize, bare: true }
const share: Kind = { name: 'a share', example: '4%', parse: parseShare, bare: false }
const money: Kind = { name: 'an amount of money', example: '$350', parse: parseMoney, bare: false }
const memory: Kind = { name: 'an amount of memory', example: '8GB or 8GiB', parse: parseMemory, bare: false }
const rate: Kind = {
  name: 'a rate',
  example: '500 or 450k (a minute), or 3/s',
  parse: parseRatePerMinute,
  bare: true,
}

const callRate: Kind = {
  name: 'a rate',
  example: '100/min, 2/s or 2000/h',
  parse: (text) => (/\/[a-z]+\s*$/.test(text) ? parseRatePerMinute(text) : undefined),
  bare: false,
}

function read(kind: Kind, value: unknown): number {
  const { name, example } = kind
  if (typeof value === 'string') return readText(kind, value)
  if (typeof value !== 'number')
    throw new Mistake('wrong_type', `${shown(value)} is not ${name}`, `such as ${example}`)
  if (!Number.isFinite(value))
    throw new Mistake('out_of_range', `${value} is not ${name}`, `such as ${example}`)
  if (value < 0)
    throw new Mistake('out_of_range', `${value} is negative`, `${name} is 0 or more, such as ${example}`)
  if (kind.bare || value === 0) return value
  const meant = kind === share && value < 1 ? `, did you mean ${formatPercent(value)}?` : ''
  throw new Mistake('wrong_unit', `${value} has no unit`, `${name} is written like ${example}${meant}`)
}

function readText(kind: Kind, text: string): number {
  const { name, example } = kind
  const value = kind.parse(text)
  if (value !== undefined) return value
  if (/^\s*[a-z]+\s*\([^)]*$/.test(text))
    throw new Mistake(
      'bad_distribution',
      `${shown(text)} does not close its bracket`,
      'no commas inside: in a map they end it',
    )
  if (/^\s*\$?\s*-\s*\$?[\d.]/.test(text))
    throw new Mistake(
      'out_of_range',
      `${shown(text)} is negative`,
      `${name} is 0 or more, such as ${example}`,
    )
  if (kind === share && Number(text.replace('%', '')) > 100)
    throw new Mistake('out_of_range', `${shown(text)} is more than 100 %`, `such as ${example}`)
  if (text.trim() !== '' && Number.isFinite(Number(text)))
    throw new Mistake('wrong_unit', `${shown(text)} has no unit`, `${name} is written like ${example}`)
  throw new Mistake('wrong_unit', `${shown(text)} is not ${name}`, `such as ${example}`)
}

/** Milliseconds. Throws a `Mistake`, as all readers here do. */
export const readDuration = (value: unknown): number => read(duration, value)
/** Tokens, or a plain number. */
export const readSize = (value: unknown): number => read(size, value)
/** From 0 to 1. */
export const readShare = (value: unknown): number => read(share, value)
/** US dollars. */
export const readMoney = (value: unknown): number => read(money, value)
/** Bytes. */
export const readMemory = (value: unknown): number => read(memory, value)
/** Per minute, where the unit may be left out. */
export const readRatePerMinute = (value: unknown): number => read(rate, value)
/** Per minute of `100/min` or `2000/h`; its unit is never left out. */
export const readCallRate = (value: unknown): number => read(callRate, value)

export const durationUnit: QuantityUnit = {
  read: readDuration,
  format: formatDuration,
  shares: '{ 30s: 70%, 2m: 30% }',
}
export const sizeUnit: QuantityUnit = {
  read: readSize,
  format: formatSize,
  shares: '{ 1: 50%, 2: 30%, 5: 20% }',
}
