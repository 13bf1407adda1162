import { levelValue } from '../../workload/level.ts'
import { serversOf } from '../../workload/servers-of.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Capacity, ProbeResult } from '../capacity.ts'
import { levelLike, loadText, valueText } from './words.ts'

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
  const run = `Run ${name} at ${loadText(levelLike(level, runAt))} ${where}`
  if (!isBroken(capacity))
    return runAt > 0
      ? `${run}; no objective was missed up to ${valueText(level)}, the most that was tried.`
      : `${name} held every objective up to ${loadText(level)} ${where}, the most that was tried.`
  if (runAt <= 0)
    return `${name} breaks beyond ${loadText(level)} ${where}${intervalText(capacity)}: too few to leave headroom.`
  // A step lies between two trials: no share of samples is behind it.
  const step = isStep(capacity) ? bounds(capacity) : undefined
  return step
    ? `${run}; it breaks between ${step.from} and ${step.to}.`
    : `${run}; it breaks at ${valueText(level)}${intervalText(capacity)}.`
}

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
    const further = failed ? `, at ${loadText(failed.level)} it misses ${missed}` : ''
    return `No load is known to hold: at ${loadText(untold.level)} too few turns ended to tell whether ${name} meets every objective${further}. Measure for longer.`
  }
  if ('users' in level && (!failed || levelValue(failed.level) <= 1))
    return `Not even one user: ${name} misses ${missed} without any load.`
  return failed
    ? `${name} missed ${missed} at every load tried, down to ${loadText(failed.level)}.`
    : `${name} misses ${missed} at any load.`
}

function isBelow(probe: ProbeResult, other: ProbeResult | undefined): boolean {
  return other === undefined || levelValue(probe.level) < levelValue(other.level)
}

function isStep({ covers }: Capacity): boolean {
  return covers !== undefined && !/\d/.test(covers)
}

function intervalText(capacity: Capacity): string {
  const interval = bounds(capacity)
  const { covers } = capacity
  return interval ? ` (${covers === undefined ? '' : `${covers}: `}${interval.from} to ${interval.to})` : ''
}

/** Whole users are rounded outwards. */
function bounds({ low, high, level }: Capacity): { from: string; to: string } | undefined {
  if (low === undefined || high === undefined || !Number.isFinite(high)) return undefined
  const whole = 'users' in level
  return {
    from: valueText(levelLike(level, whole ? Math.floor(low) : low)),
    to: valueText(levelLike(level, whole ? Math.ceil(high) : high)),
  }
}
