import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import { openLevel } from './open-level.ts'

interface LevelFlags {
  readonly users?: number
  readonly arrivals?: number | 'trace'
  readonly stages?: unknown
}

/** Calls come at a rate: that of the flag, or the file's busiest hour. */
export function offeredCalls(workload: Workload, { users, arrivals, stages }: LevelFlags): Level {
  if (users !== undefined || stages !== undefined)
    throw new UserError('calls come at a rate, whatever happens: they are no users at once', {
      hint: '--arrivals 90/m, or nothing for the rate of the file (phone.calls)',
    })
  if (arrivals !== undefined) return openLevel(workload, arrivals)
  return { sessionsPerSecond: workload.phone!.callsPerMinute / 60 }
}
