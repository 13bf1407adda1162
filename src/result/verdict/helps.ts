import { levelValue } from '../../workload/level.ts'
import type { Capacity } from '../capacity.ts'
import { levelLike, loadText, valueText } from './words.ts'

/** The change to the file that buys most, and the runner-up; says so where nothing that was tried helps. */
export function helpsMost({ advice, level, origin }: Capacity): string | undefined {
  if (!advice) return undefined
  const [best, second] = advice.toSorted((a, b) => b.usersGained - a.usersGained)
  if (!best)
    return levelValue(level) > 0
      ? 'none of the changes tried gains as much as 1 %'
      : 'none of the changes tried makes it hold'
  const text = (value: number): string => valueText(levelLike(level, value))
  const was = best.users - best.usersGained
  const solved = origin === 'solved' && was === levelValue(level) ? '' : ', solved'
  const first = `${best.text}: +${loadText(levelLike(level, best.usersGained))} (${text(was)} → ${text(best.users)}${solved})`
  return second ? `${first}; or ${second.text}: +${text(second.usersGained)}` : first
}
