import { formatCount } from '../result/figure-text.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'

/** Users beyond the rows of their file are somebody twice, which a target may not like. */
export function rowNotes(workload: Workload, level: Level): string[] {
  const rows = workload.target?.access?.rows?.length
  if (rows === undefined || !('users' in level) || level.users <= rows) return []
  return [
    `${formatCount(level.users)} users share the ${formatCount(rows)} rows of target.users: some are the same person`,
  ]
}
