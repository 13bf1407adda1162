import { levelValue } from '../../workload/level.ts'
import { serversOf } from '../../workload/servers-of.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Capacity, ProbeResult } from '../capacity.ts'
import {
  atOnceLoadText,
  atOnceText,
  callsAtOnce,
  countText,
  endTexts,
  loadText,
  loadUnit,
  rangeText,
} from '../load-words.ts'

/** The load to run at before the load that breaks it, in one sentence. */
export function headline(workload: Workload, capacity: Capacity): string {
  const { name, objectives } = workload
  const { level, runAt, invalid } = capacity
  if (invalid) return `No usable answer for ${name}: ${invalid.join('; ') || 'the result is not valid'}.`
  if (objectives.length === 0)
    return `The file of ${name} names no objective, so no load can be said to break it.`
  if (levelValue(level) <= 0) return nothingHolds(name, capacity)
  const servers = serversOf(workload)
  const where = servers === 1 ? 'per server' : `on its ${servers} servers`
  const run = `Run ${name} at ${atOnceLoadText(capacity, runAt)} ${where}`
  if (!isBroken(capacity))
    return runAt > 0
      ? `${run}; no objective was missed up to ${mostText(capacity)}, the most that was tried.`
      : `${name} held every objective up to ${atOnceLoadText(capacity)} ${where}, the most that was tried.`
  if (runAt <= 0)
    return `${name} breaks beyond ${atOnceLoadText(capacity)} ${where}${inBrackets(intervalText(capacity))}: too few to leave headroom.`
  // A step lies between two trials: no share of samples is behind it.
  const step = isStep(capacity) ? endTexts(capacity, capacity) : undefined
  return step
    ? `${run}; it breaks between ${step.join(' and ')}${unitAgain(capacity)}.`
    : `${run}; it breaks at ${mostText(capacity, intervalText(capacity))}.`
}

/** `147`; of calls those at once, `131 (46.3 calls/min)`. */
function mostText(capacity: Capacity, more = ''): string {
  const calls = callsAtOnce(capacity)
  if (calls === undefined) return `${countText(capacity)}${inBrackets(more)}`
  return `${atOnceText(calls)} (${loadText(capacity)}${more === '' ? '' : `; ${more}`})`
}

/** The load to run at was told in calls at once: what the ends of an interval are must be said. */
const unitAgain = (capacity: Capacity): string =>
  callsAtOnce(capacity) === undefined ? '' : ` ${loadUnit(capacity)}`

const inBrackets = (text: string): string => (text === '' ? '' : ` (${text})`)

/** Whether any load was found at which an objective is missed. */
export function isBroken({ unbounded, brokenBy, probes }: Capacity): boolean {
  return !unbounded && (brokenBy !== undefined || probes.some(({ pass }) => pass === false))
}

function nothingHolds(name: string, { brokenBy, probes, level }: Capacity): string {
  const missed = brokenBy === undefined ? 'an objective' : `"${brokenBy}"`
  const sorted = probes.toSorted((a, b) => levelValue(a.level) - levelValue(b.level))
  const failed = sorted.find(({ pass }) => pass === false)
  const untold = sorted.findLast((probe) => probe.pass !== false && isBelow(probe, failed))
  if (untold) {
    const further = failed ? `, at ${loadText(failed.summary)} it misses ${missed}` : ''
    return `No load is known to hold: at ${loadText(untold.summary)} too few turns ended to tell whether ${name} meets every objective${further}. Measure for longer.`
  }
  if ('users' in level && (!failed || levelValue(failed.level) <= 1))
    return `Not even one user: ${name} misses ${missed} without any load.`
  return failed
    ? `${name} missed ${missed} at every load tried, down to ${loadText(failed.summary)}.`
    : `${name} misses ${missed} at any load.`
}

function isBelow(probe: ProbeResult, other: ProbeResult | undefined): boolean {
  return other === undefined || levelValue(probe.level) < levelValue(other.level)
}

function isStep({ covers }: Capacity): boolean {
  return covers !== undefined && !/\d/.test(covers)
}

function intervalText(capacity: Capacity): string {
  const interval = rangeText(capacity)
  const { covers } = capacity
  return interval === '' || covers === undefined ? interval : `${covers}: ${interval}`
}
