import type { Capacity } from '../result/capacity.ts'
import { formatMs, formatShare } from '../result/figure-text.ts'
import { loadText } from '../result/load-words.ts'
import { fewestFailures } from '../simulate/too-short.ts'
import { minuteMs } from '../workload/units.ts'
import type { Agent, Workload } from '../workload/workload.ts'

/**
 * The workload for trials of a search, which tell what load does: of servers that fail more rarely than a trial can tell, one
 * trial in ten sees what the others do not, and the capacity would be that of this chance.
 */
export function withoutRareFailures(workload: Workload, measuredMs: number): Workload {
  if (!areRare(workload.agent, measuredMs)) return workload
  const { failures: _, ...agent } = workload.agent
  return { ...workload, agent }
}

/** What was left out of the trials of a simulated capacity, and where it is seen. */
export function rareFailureNotes({ agent }: Workload, capacity: Capacity): string[] {
  const measuredMs = capacity.probes[0]?.summary.window?.measuredMs ?? Infinity
  const { failures } = agent
  if (capacity.origin !== 'simulated' || !failures || !areRare(agent, measuredMs)) return []
  const downShare = failures.down.mean / (failures.every.mean + failures.down.mean)
  const minutes = Math.ceil((fewestFailures * betweenFailuresMs(agent)) / minuteMs)
  return [
    `simulated trials count ${formatMs(measuredMs)} each, too little for servers that fail every ${formatMs(betweenFailuresMs(agent))}: failures are left out, and the simulated capacity is that of servers that run. Each is down ${formatShare(downShare)} of the time; what that does to ${loadText(capacity)} is seen by simulate with --duration ${minutes}m, ${fewestFailures} failures long.`,
  ]
}

const areRare = (agent: Agent, measuredMs: number): boolean =>
  fewestFailures * betweenFailuresMs(agent) > measuredMs

/** With all the servers that there may be; 0 where none fails. */
function betweenFailuresMs({ failures, servers = 1, scale }: Agent): number {
  return failures ? (failures.every.mean + failures.down.mean) / (scale?.to ?? servers) : 0
}
