import type { ObjectiveResult, Summary } from '../result/summary.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import { levelValue } from '../workload/level.ts'
import { findCapacity, type FindOptions } from './find-capacity.ts'
import { bareSummary } from './fixture-runners.ts'
import type { Runner } from './runner.ts'

export const never = new AbortController().signal
export const options = { probes: 12, warmupMs: 0, measuredMs: 1000, seed: 1 }

/** What a percentile objective says where this share of `count` turns lies beyond its limit. */
export function shareObjective(
  share: number,
  allowed = 0.05,
  count = 500,
  text = 'turn p95 < 10s',
): ObjectiveResult {
  const [low, high] = wilsonInterval(share, count)
  const pass = count * allowed < 1 ? (low > allowed ? false : 'undecided') : share <= allowed
  return { text, exceeded: { share, low, high, allowed, effectiveCount: count }, pass }
}

export type Said = readonly ObjectiveResult[] | Partial<Summary>

/** Answers every probe by its load, and remembers the loads. */
export function known(answer: (load: number) => Said): { runner: Runner; loads: number[] } {
  const loads: number[] = []
  const runner: Runner = async (probe) => {
    const load = levelValue(probe.level)
    loads.push(load)
    const said = answer(load)
    return Object.assign(bareSummary(probe), 'length' in said ? { objectives: said } : said)
  }
  return { runner, loads }
}

export const search = (answer: (load: number) => Said, more: Partial<FindOptions> = {}) =>
  findCapacity(known(answer).runner, { ...options, guess: { users: 100 }, ...more }, never)

/** Log-odds straight through the limit at 140.5 users. */
export const smooth = (load: number): number => 1 / (1 + 19 * Math.exp(-(load - 140.5) / 10))
