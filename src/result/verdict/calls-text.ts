import { levelValue } from '../../workload/level.ts'
import type { Capacity } from '../capacity.ts'
import { formatCount, formatMs, formatPeople } from '../figure-text.ts'
import { callsAtOnce } from '../load-words.ts'

/** Calls an hour, how long one is, and how many more than the average were up at once in a trial that held. */
export function callsText(capacity: Capacity): string | undefined {
  const { phone, level, runAt, probes } = capacity
  if (!phone || callsAtOnce(capacity) === undefined || levelValue(level) <= 0) return undefined
  const perHour = runAt > 0 ? runAt : levelValue(level)
  const most = Math.max(
    0,
    ...probes.flatMap(({ pass, summary }) => (pass === true ? (summary.phone?.active.max ?? []) : [])),
  )
  const peak =
    most > 0 ? `, and as many as ${formatPeople(most)} were up in a trial that held every objective` : ''
  const run = runAt > 0 ? ' to run at' : ''
  return `${formatCount(perHour * 3600)} an hour${run}, ${formatMs(phone.heldMs)} each on average; calls at once are an average too (rate × length)${peak}`
}
