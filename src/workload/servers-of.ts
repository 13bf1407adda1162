import type { Workload } from './workload.ts'

/** Servers that the file describes as one answer's subject: those that stand there, or the most that scaling starts. */
export function serversOf({ agent: { scale, servers } }: Workload): number {
  return scale?.to ?? servers ?? 1
}
