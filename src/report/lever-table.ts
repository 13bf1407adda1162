import type { Advice, AdvicePair, Capacity } from '../result/capacity.ts'
import { formatCount, formatUsd } from '../result/figure-text.ts'
import { countText, inUnit, loadUnit } from '../result/load-words.ts'

/** What a lever or two of them do, as text for a table. */
export interface LeverRow {
  /** `quota tier`; of a pair both. */
  readonly lever: string
  readonly text: string
  /** `model.quota.tpm: 450k → 900k`, for each change. */
  readonly changes: readonly string[]
  readonly users: number
  readonly usersGained: number
  /** `+139`, `−6`, `0`. */
  readonly gained: string
  readonly then: string
  /** Of a month's bill, by the change itself: `+$350`, `−$693`, `$0`; empty where a price is not known. */
  readonly perMonth: string
  /** Dollars a month for each user more; `saves` where the whole bill falls; empty where nobody is gained. */
  readonly perUser: string
}

export const leverHead = (capacity: Capacity): string[] => [
  'change',
  'gained',
  'then',
  '$/month',
  perUnitHead(capacity),
]

/** `$/user`; where load is told in calls a minute, what one of those costs. */
const perUnitHead = (capacity: Capacity): string =>
  loadUnit(capacity) === 'calls/min' ? '$/call/min' : '$/user'

/** Every lever that was pulled, by users gained; pairs of them first where two limits stand together. */
export function leverRows(capacity: Capacity): LeverRow[] {
  const { advice = [], tried = [], pairs = [] } = capacity
  const rowOf = (each: Advice | AdvicePair): LeverRow => {
    const changes = 'changes' in each ? each.changes : [each]
    return {
      lever: changes.map(({ lever }) => lever ?? '').join(' + '),
      text: changes.map(({ text }) => text).join(', and '),
      changes: changes.map(({ change: { field, from, to } }) => `${field}: ${from} → ${to}`),
      users: each.users,
      usersGained: each.usersGained,
      gained: signed(each.usersGained, (size) => countText(capacity, size)),
      // oxlint-disable-next-line unicorn/no-thenable -- no promise, nobody awaits a row
      then: countText(capacity, each.users),
      perMonth: each.perMonthUsd === undefined ? '' : signed(whole(each.perMonthUsd), formatUsd),
      perUser:
        each.perUserUsd === undefined || !Number.isFinite(each.perUserUsd)
          ? ''
          : perUnitText(capacity, each.perUserUsd),
    }
  }
  return [...pairs, ...advice, ...tried].map(rowOf)
}

/** Dollars a month for a user, or a call a minute, more. */
export function perUnitText(capacity: Capacity, perUserUsd: number): string {
  return perUserUsd < 0 ? 'saves' : formatUsd(perUserUsd / inUnit(capacity, 1))
}

/** The levers that gain the most users for a dollar, the cheapest first: only those that gain any. */
export function cheapestLevers({ advice = [], pairs = [] }: Capacity): (Advice | AdvicePair)[] {
  return [...pairs, ...advice]
    .filter(({ perUserUsd }) => perUserUsd !== undefined)
    .toSorted((a, b) => a.perUserUsd! - b.perUserUsd!)
}

const gainedWords = { users: 'users', 'sessions/s': 'sessions/s', 'calls/min': 'calls a minute' }

/** A sentence above the table. */
export function leverLead(capacity: Capacity): string {
  const { runAt, origin, pairs = [] } = capacity
  const unit = loadUnit(capacity)
  const today = `${formatCount(inUnit(capacity))} ${unit}`
  const together =
    pairs.length > 0 ? ' Two changes together stand first, since two limits stand close together.' : ''
  return `Each change by itself, ${origin}, against ${today} today. $/month is what it adds to the bill of ${formatCount(inUnit(capacity, runAt))} ${unit}; ${perUnitHead(capacity)} the whole bill of the ${gainedWords[unit]} gained, a month for each.${together}`
}

const whole = (usd: number): number => (Math.abs(usd) < 0.5 ? 0 : Math.round(usd))

function signed(value: number, format: (size: number) => string): string {
  if (!Number.isFinite(value)) return ''
  if (value === 0) return format(0).replace('$0.00', '$0')
  return `${value < 0 ? '−' : '+'}${format(Math.abs(value)).replace(/\.00$/, '')}`
}
