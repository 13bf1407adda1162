import { formatCount, formatMs } from '../result/figure-text.ts'
import type { Summary } from '../result/summary.ts'
import { batchesForIntervals } from '../stats/tally.ts'
import type { Distribution } from '../stats/distribution.ts'
import type { ServerFailures } from '../workload/agent-rules.ts'
import type { Workload } from '../workload/workload.ts'
import { serverRules } from './rule-use.ts'

/** Why the intervals of a run are narrower than they should be, and how long it would have to be. */
export interface TooShort {
  readonly why: string
  readonly neededMs: number
}

/** Batches so many times as long as what goes on resemble each other so little that nine intervals in ten hold. */
const timesInBatch = 3
/** What sessions alone do to the mean turn is nothing where it is less than this share of the interval's half width. */
const leastOfHalf = 0.5
/** With fewer failures chance decides whether a run saw what they do. */
export const fewestFailures = 10

/** From one failure to the next, whichever of the servers it meets. */
export const failureEveryMs = ({ every, down }: ServerFailures, servers: number): number =>
  (every.mean + down.mean) / servers

/**
 * What in the workload goes on for longer than the batches that the run's intervals rest on. The file knows it; batch
 * means of a run that is too short do not, as they resemble each other too little for a test to tell.
 */
export function tooShort(workload: Workload, summary: Summary): TooShort[] {
  return [sessionsTooLong(workload, summary), failuresTooRare(workload, summary)].filter(
    (each): each is TooShort => each !== undefined && each.neededMs > (summary.window?.measuredMs ?? 0),
  )
}

/**
 * A session keeps to its scenario, so that turns of a session resemble each other where scenarios differ. The standard error
 * that this alone gives the mean turn is that of clusters (Cochran, Sampling Techniques, §9A): Σ nₛ·E[K²]/E[K]·(mₛ − m)².
 */
function sessionsTooLong({ scenarios, phone }: Workload, summary: Summary): TooShort | undefined {
  const { turnMs } = summary.latency
  // Independent runs need no batches; a call is no session of turns that somebody thinks between.
  if (summary.replications !== undefined || phone?.alone || !turnMs?.ci95?.mean) return undefined
  const parts = scenarios.flatMap(({ name, turns, think }) => {
    const part = summary.scenarios?.[name]
    if (!part?.turnMs) return []
    const { mean } = part.turnMs
    const apartMs2 = part.completed * turnsOfOne(turns) * (mean - turnMs.mean) ** 2
    return [{ name, mean, apartMs2, rhythmMs: (turnsOfOne(turns) / 2) * (think.mean + mean) }]
  })
  const apartMs2 = parts.reduce((sum, part) => sum + part.apartMs2, 0)
  const [low, high] = turnMs.ci95.mean
  const alone = (1.96 * Math.sqrt(apartMs2)) / (turnMs.count ?? Infinity)
  if (apartMs2 === 0 || alone < (leastOfHalf * (high - low)) / 2) return undefined
  const rhythmMs = parts.reduce((sum, part) => sum + (part.rhythmMs * part.apartMs2) / apartMs2, 0)
  const most = parts.reduce((a, b) => (b.apartMs2 > a.apartMs2 ? b : a))
  const batchMs = (summary.window?.measuredMs ?? 0) / batchesForIntervals
  return {
    why: `turns of ${most.name} take ${formatMs(most.mean)} and all together ${formatMs(turnMs.mean)}, sessions keep to their scenario for ${formatMs(rhythmMs)}, and intervals rest on ${batchesForIntervals} batches of ${formatMs(batchMs)}`,
    neededMs: timesInBatch * batchesForIntervals * rhythmMs,
  }
}

/** Of the session that a turn is in: long ones have more of all turns. */
const turnsOfOne = ({ mean, variance }: Distribution): number => (variance + mean ** 2) / mean

function failuresTooRare({ agent }: Workload, summary: Summary): TooShort | undefined {
  const { failures, servers = 1 } = agent
  if (!failures || !summary.window) return undefined
  const there = summary.rules?.find(({ rule }) => rule === serverRules.paid)?.count ?? servers
  const everyMs = failureEveryMs(failures, there)
  const runs = summary.replications ?? 1
  const failed = summary.rules?.find(({ rule }) => rule === serverRules.failed)?.count ?? 0
  const seen = Math.round(failed * runs)
  if (seen >= fewestFailures) return undefined
  return {
    why: `a server fails every ${formatMs(everyMs)}, ${formatCount(seen)} did, and with fewer than ${fewestFailures} it is chance what a run sees of that`,
    neededMs: (fewestFailures * everyMs) / runs,
  }
}
