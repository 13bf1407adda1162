import type { Capacity, ProbeResult } from '../result/capacity.ts'
import type { Summary } from '../result/summary.ts'
import { type Level, levelValue } from '../workload/level.ts'
import { capacityOf } from './capacity-of.ts'
import { nextLoad } from './next-load.ts'
import type { Runner } from './runner.ts'

export interface FindOptions {
  /** Where to look first; also says whether users or sessions a second are sought. */
  readonly guess: Level
  /** Trials to spend at most; fewer where more would tell nothing new. */
  readonly probes: number
  readonly warmupMs: number
  readonly measuredMs: number
  readonly seed: number
  /** Share of the capacity to run at. */
  readonly headroom?: number
  /** The highest load to try, of either kind. */
  readonly maxUsers?: number
}

/**
 * The highest level at which every objective holds: a scout brackets it, further trials go where the line through
 * all of them meets the limit. After an abort the answer is from the trials known by then; it throws if there is none.
 */
export async function findCapacity(
  runner: Runner,
  options: FindOptions,
  signal: AbortSignal,
): Promise<Capacity> {
  const { warmupMs, measuredMs } = options
  const open = 'sessionsPerSecond' in options.guess
  const least = open ? 1e-6 : 1
  const most = options.maxUsers ?? 1e6
  const range = { guess: Math.max(least, levelValue(options.guess)), most, open }
  const probes: ProbeResult[] = []
  while (probes.length < options.probes && !signal.aborted) {
    const load = nextLoad(probes, range)
    if (load === undefined) break
    const level = open ? { sessionsPerSecond: load } : { users: Math.max(1, Math.round(load)) }
    const seed = options.seed + probes.length
    const summary = await unlessAborted(runner({ level, seed, warmupMs, measuredMs }, signal), signal)
    if (summary) probes.push({ level, seed, pass: verdictOf(summary, signal.aborted), summary })
  }
  if (probes.length === 0) signal.throwIfAborted()
  return capacityOf(probes, { open, headroom: options.headroom ?? 0.75 })
}

async function unlessAborted(summary: Promise<Summary>, signal: AbortSignal): Promise<Summary | undefined> {
  try {
    return await summary
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

/** A trial cut short may have ended before the queue grew: it can fail, but not hold. */
function verdictOf({ objectives }: Summary, cut: boolean): ProbeResult['pass'] {
  if (objectives.some(({ pass }) => pass === false)) return false
  return !cut && objectives.every(({ pass }) => pass === true) ? true : 'undecided'
}
