import type { Interval } from '../stats/interval.ts'
import type { AssumedField } from '../result/summary.ts'
import { levelValue } from '../workload/level.ts'
import { type Answer, invalidReasons, isInvalid, levelUnit, loadOf } from './answers.ts'
import { formatChange, formatCount, formatMs, formatShare } from '../result/figure-text.ts'
import { countText } from '../result/load-words.ts'

/** Users and turns a second may lie this far apart; so may what is assumed and what is observed (DESIGN §1). */
const toleratedShare = 0.1
/** Tails are harder to tell. */
const toleratedTailShare = 0.15

export interface Agreement {
  readonly agrees: boolean
  readonly sentence: string
}

/** Whether the engines say the same, in one sentence; absent where there were never two answers to compare. */
export function agreementOf(answers: readonly Answer[]): Agreement | undefined {
  if (answers.length < 2) return undefined
  const usable = answers.filter((answer) => !isInvalid(answer))
  const without = leftOut(answers)
  if (usable.length < 2) {
    const only = usable[0] ? `Only the ${usable[0].origin} answer can be used` : 'No answer can be used'
    return { agrees: false, sentence: `${only}: ${without}.` }
  }
  const apart = without === '' ? '' : ` Left out: ${without}.`
  const quantities = quantitiesOf(usable)
  if (quantities.length === 0) return undefined
  const wrong = wronglyAssumed(usable)
  if (wrong.length > 0) {
    const fields = wrong.map((field) => `${field.field} (${formatChange(field.ratio - 1)})`).join(', ')
    const sentence = `The answers are not called agreeing, since the agent is more than 10 % away from what the file assumes for ${fields}; they ${gapText(quantities[0]!)}.`
    return { agrees: false, sentence: `${sentence}${apart}` }
  }
  const differing = quantities.filter((quantity) => quantity.spread > quantity.tolerated)
  if (differing.length > 0) return { agrees: false, sentence: `${differText(differing)}${apart}` }
  const count = usable.length === 2 ? 'two' : usable.length === 3 ? 'three' : String(usable.length)
  const who =
    usable.length < answers.length
      ? `The other ${count} answers`
      : usable.length === 2
        ? 'Both answers'
        : `All ${count} answers`
  const [first, ...rest] = quantities
  const more = rest.map(({ name, spread }) => `${name} within ${formatShare(spread)}`).join(', ')
  const within = first!.spread > 0 ? ` within ${formatShare(first!.spread)}` : ''
  const sentence = `${who} agree${within}: ${first!.span}${more === '' ? '' : `;${rest[0]!.at} ${more}`}.`
  return { agrees: true, sentence: `${sentence}${apart}` }
}

/** Fields that the agent decides and where the file is off by more than a tenth. */
export function wronglyAssumed(answers: readonly Answer[]): AssumedField[] {
  const fields = answers.flatMap((answer) => answer.summary?.assumed ?? [])
  return [...new Map(fields.filter(isWronglyAssumed).map((field) => [field.field, field])).values()]
}

/** More than a tenth apart. */
export function isWronglyAssumed(field: AssumedField): boolean {
  return !(Math.abs(field.ratio - 1) <= toleratedShare + 1e-9)
}

/** One number that every usable answer has. */
interface Quantity {
  readonly name: string
  /** Where it was read, ` at 139 users`; empty for the capacity itself. */
  readonly at: string
  /** The largest over the smallest, less one. */
  readonly spread: number
  readonly tolerated: number
  /** `145 to 149 users`. */
  readonly span: string
  /** `solved 149, measured 147`. */
  readonly list: string
  /** The intervals have a value in common, so that chance may be all of it. */
  readonly isChance: boolean
}

interface Value {
  readonly value: number
  readonly interval?: Interval | undefined
  readonly orMore?: boolean
}

function quantitiesOf(answers: readonly Answer[]): Quantity[] {
  const unit = levelUnit(answers[0])
  const load = answers[0] && loadOf(answers[0])
  const users = (value: number): string => (load ? countText(load, value) : formatCount(value))
  const levels = new Set(answers.map(({ summary }) => summary && levelValue(summary.level)))
  const [level] = levels
  // Away from one common level the other numbers are of different loads and say nothing about agreement.
  const at =
    levels.size === 1 && level !== undefined && Number.isFinite(level)
      ? ` at ${users(level)} ${unit}`
      : undefined
  return [
    quantity({ name: unit, at: '' }, answers, toleratedShare, users, ({ capacity }) => {
      if (!capacity) return undefined
      const { low, high, unbounded = false } = capacity
      const interval = low === undefined || high === undefined ? undefined : ([low, high] as const)
      return { value: levelValue(capacity.level), interval, orMore: unbounded }
    }),
    ...(at === undefined
      ? []
      : [
          quantity({ name: 'turns/s', at }, answers, toleratedShare, formatCount, ({ summary }) =>
            summary ? { value: summary.turns.perSecond, interval: summary.turns.perSecondCi95 } : undefined,
          ),
          quantity({ name: 'turn p95', at }, answers, toleratedTailShare, formatMs, ({ summary }) => {
            const turn = summary?.latency.turnMs
            return turn && { value: turn.p95, interval: turn.ci95?.p95 }
          }),
        ]),
  ].filter((each): each is Quantity => each !== undefined)
}

function quantity(
  { name, at }: Pick<Quantity, 'name' | 'at'>,
  answers: readonly Answer[],
  tolerated: number,
  format: (value: number) => string,
  read: (answer: Answer) => Value | undefined,
): Quantity | undefined {
  const known = answers.flatMap((answer) => {
    const value = read(answer)
    return value && Number.isFinite(value.value) ? [{ origin: answer.origin, ...value }] : []
  })
  if (known.length < 2) return undefined
  const values = known.map(({ value }) => value)
  const low = Math.min(...values)
  const high = Math.max(...values)
  const endless = known.filter(({ orMore }) => orMore).length
  const intervals = known.map(({ value, interval }) => interval ?? [value, value])
  return {
    name,
    at,
    // Answers that all met no limit agree, however far each of them looked.
    spread:
      endless === known.length || high === low ? 0 : endless > 0 || low <= 0 ? Infinity : high / low - 1,
    tolerated,
    span: `${low === high ? format(low) : `${format(low)} to ${format(high)}`} ${name}${endless > 0 ? ' and no limit met' : ''}`,
    list: known
      .map(({ origin, value, orMore }) => `${origin} ${format(value)}${orMore ? ' or more' : ''}`)
      .join(', '),
    isChance: Math.max(...intervals.map(([from]) => from)) <= Math.min(...intervals.map(([, to]) => to)),
  }
}

function gapText({ name, spread, list }: Quantity): string {
  return Number.isFinite(spread)
    ? `lie ${formatShare(spread)} apart in ${name} (${list})`
    : `differ in ${name} (${list})`
}

function differText(differing: readonly Quantity[]): string {
  const gaps = differing.map(
    (each) =>
      `${Number.isFinite(each.spread) ? `by ${formatShare(each.spread)} ` : ''}in ${each.name}${each.at} (${each.list})`,
  )
  const why = differing.every(({ isChance }) => isChance)
    ? 'no more than their intervals allow, so only longer runs can tell'
    : 'that difference is the finding'
  return `The answers differ ${gaps.join(' and ')}: ${why}.`
}

function leftOut(answers: readonly Answer[]): string {
  return answers
    .filter(isInvalid)
    .map((answer) => {
      const [first, ...rest] = invalidReasons(answer)
      const more = rest.length > 0 ? `, and ${rest.length} more` : ''
      return `the ${answer.origin} answer is not valid (${first}${more})`
    })
    .join(', ')
}
