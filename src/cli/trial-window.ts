import { plan } from '../plan/plan.ts'
import { formatMs } from '../result/figure-text.ts'
import type { MeasuredWindow } from '../result/measured-window.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { isPlayedAsCalls } from './calls.ts'

const usual: MeasuredWindow = { warmupMs: 120_000, measuredMs: 300_000 }
/** Of turns: until as many are under way as stay so, and until four in five of those that are met are met whole. */
const lengths = { leftOut: 2, counted: 5 }
const stepMs = 10_000

/** What the command line says of trials. */
export interface AskedOfTrials {
  readonly warmUp?: number
  readonly measured?: number
  readonly probes: number
}

/** What a measured trial near a level leaves out and counts, and what to say of it where that was chosen and is not usual. */
export function trialWindow(
  workload: Workload,
  level: Level,
  { warmUp, measured, probes }: AskedOfTrials,
): { readonly window: MeasuredWindow; readonly notes: readonly string[] } {
  if (warmUp !== undefined && measured !== undefined)
    return { window: { warmupMs: warmUp, measuredMs: measured }, notes: [] }
  const goesOnMs = lengthMs(workload, level)
  const window = {
    warmupMs: warmUp ?? Math.max(usual.warmupMs, stepUp(lengths.leftOut * goesOnMs)),
    measuredMs: measured ?? Math.max(usual.measuredMs, stepUp(lengths.counted * goesOnMs)),
  }
  const chosen = [
    { flag: '--warm-up', does: 'leaves out', given: warmUp, ms: window.warmupMs, usualMs: usual.warmupMs },
    { flag: '--measured', does: 'counts', given: measured, ms: window.measuredMs, usualMs: usual.measuredMs },
  ].filter(({ given }) => given === undefined)
  if (chosen.every(({ ms, usualMs }) => ms === usualMs)) return { window, notes: [] }
  const isOfCalls = isPlayedAsCalls(workload)
  const what = isOfCalls ? 'a call' : 'a turn'
  const by = isOfCalls ? 'as the file has it' : 'solved'
  const does = chosen.map((each) => `${each.does} ${formatMs(each.ms)}`).join(' and ')
  const flags = chosen.map(({ flag }) => flag).join(' and ')
  const before = isOfCalls ? '' : ', before --speed'
  return {
    window,
    notes: [
      `${what} takes ${formatMs(goesOnMs)} (${by}), so each of at most ${probes} measured trials ${does}${before}; ${flags} ${chosen.length > 1 ? 'say' : 'says'} otherwise`,
    ],
  }
}

/** Of a turn, or of a call by telephone. */
function lengthMs(workload: Workload, level: Level): number {
  if (isPlayedAsCalls(workload)) return workload.phone!.duration.mean
  return plan(workload, level).latency.turnMs?.mean ?? 0
}

const stepUp = (ms: number): number => Math.ceil(ms / stepMs) * stepMs
