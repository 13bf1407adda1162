import { plan } from '../plan/plan.ts'
import { formatMs } from '../result/figure-text.ts'
import type { MeasuredWindow } from '../result/measured-window.ts'
import type { Level } from '../workload/level.ts'
import { formatDuration } from '../workload/units.ts'
import type { Workload } from '../workload/workload.ts'
import { isPlayedAsCalls } from './calls.ts'

const usual: MeasuredWindow = { warmupMs: 120_000, measuredMs: 300_000 }
/** Of turns: until as many are under way as stay so, and until four in five of those that are met are met whole. */
const lengths = { leftOut: 2, counted: 5 }
const stepMs = 10_000

/** What a measured trial near a level leaves out and counts, where nobody said so. */
export function trialWindow(workload: Workload, level: Level): MeasuredWindow {
  const goesOnMs = lengthMs(workload, level)
  return {
    warmupMs: Math.max(usual.warmupMs, stepUp(lengths.leftOut * goesOnMs)),
    measuredMs: Math.max(usual.measuredMs, stepUp(lengths.counted * goesOnMs)),
  }
}

/** Why trials are longer than usual; nothing where they are not. */
export function trialWindowNote(workload: Workload, level: Level): string[] {
  const { warmupMs, measuredMs } = trialWindow(workload, level)
  if (warmupMs === usual.warmupMs && measuredMs === usual.measuredMs) return []
  const [what, by] = isPlayedAsCalls(workload) ? ['a call', 'as the file has it'] : ['a turn', 'solved']
  return [
    `${what} takes ${formatMs(lengthMs(workload, level))} (${by}), so each measured trial leaves out ${formatDuration(warmupMs)} and counts ${formatDuration(measuredMs)}; --warm-up and --measured say otherwise`,
  ]
}

/** Of a turn, or of a call by telephone. */
function lengthMs(workload: Workload, level: Level): number {
  if (isPlayedAsCalls(workload)) return workload.phone!.duration.mean
  return plan(workload, level).latency.turnMs?.mean ?? 0
}

const stepUp = (ms: number): number => Math.ceil(ms / stepMs) * stepMs
