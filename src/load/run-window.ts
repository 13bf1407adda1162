import type { MeasuredWindow } from '../result/measured-window.ts'
import type { Level } from '../workload/level.ts'
import type { LoadShape } from './load-options.ts'

/** Stopped before the warm-up was over, everything counts: it is all there is. */
export function windowOf(warmupMs: number, endedMs: number): MeasuredWindow {
  const left = endedMs > warmupMs ? warmupMs : 0
  return { warmupMs: left, measuredMs: endedMs - left }
}

/** As many users as were there all the time: none of open load, NaN where they came and went. */
export function usersThroughout({ stages }: LoadShape, level: Level): number | undefined {
  if (!('users' in level)) return undefined
  return stages ? NaN : level.users
}
