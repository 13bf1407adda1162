import { levelValue } from '../../workload/level.ts'
import type { Advice, AdvicePair, Capacity } from '../capacity.ts'
import type { LeverName } from '../lever-name.ts'
import { countText, loadText } from '../load-words.ts'

/**
 * The change to the file that buys most, and the runner-up that is another way out; two together where they buy more; says so where nothing
 * that was tried helps.
 */
export function helpsMost(capacity: Capacity): string | undefined {
  const { advice, pairs, level } = capacity
  if (!advice) return undefined
  const [best, ...rest] = advice.toSorted((a, b) => b.usersGained - a.usersGained)
  const second = rest.find((other) => !isAlike(best!, other))
  const pair = pairs?.[0]
  if (!best && pair)
    return `nothing by itself, since a second limit stands close behind; together: ${pairText(pair, capacity)}`
  if (!best)
    return levelValue(level) > 0
      ? 'none of the changes tried gains as much as 1 %'
      : 'none of the changes tried makes it hold'
  const first = `${best.text}: ${gainText(best, capacity)}`
  if (pair) return `${first}; together, since a second limit stands close behind: ${pairText(pair, capacity)}`
  return second ? `${first}; or ${second.text}: +${countText(capacity, second.usersGained)}` : first
}

/** Levers that lift the same limit: a second of them is no other way out. */
const alike: readonly (readonly (LeverName | undefined)[])[] = [
  ['quota tier', 'routing'],
  ['async', 'workers'],
]

const isAlike = (one: Advice, other: Advice): boolean =>
  alike.some((levers) => levers.includes(one.lever) && levers.includes(other.lever))

function pairText(pair: AdvicePair, capacity: Capacity): string {
  return `${pair.changes.map(({ text }) => text).join(', and ')}: ${gainText(pair, capacity)}`
}

function gainText({ users, usersGained }: Pick<Advice, 'users' | 'usersGained'>, capacity: Capacity): string {
  const text = (value: number): string => countText(capacity, value)
  const was = users - usersGained
  // Rates are no whole numbers: what is added and taken away again differs in the last digit.
  const isOfIt = Math.abs(was - levelValue(capacity.level)) <= 1e-9 * was
  const solved = capacity.origin === 'solved' && isOfIt ? '' : ', solved'
  return `+${loadText(capacity, usersGained)} (${text(was)} → ${text(users)}${solved})`
}
