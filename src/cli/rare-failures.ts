import type { Both } from '../find/find-both.ts'
import type { Capacity } from '../result/capacity.ts'
import { formatMs, formatShare } from '../result/figure-text.ts'
import { loadText } from '../result/load-words.ts'
import { failureEveryMs, fewestFailures } from '../simulate/too-short.ts'
import { minuteMs } from '../workload/units.ts'
import type { Agent, Workload } from '../workload/workload.ts'

/**
 * The workload for trials of a search, which tell what load does: of servers that fail more rarely than a trial can tell, one
 * trial in ten sees what the others do not, and the capacity would be that of this chance.
 */
export function withoutRareFailures(workload: Workload, measuredMs: number): Workload {
  return failRarely(workload.agent, measuredMs) ? withoutFailures(workload) : workload
}

/** The same of two that are compared: one that fails beside one that may not would differ by that alone. */
export function bothWithoutRareFailures({ a, b }: Both<Workload>, measuredMs: number): Both<Workload> {
  const isRare = failRarely(a.agent, measuredMs) || failRarely(b.agent, measuredMs)
  return isRare ? { a: withoutFailures(a), b: withoutFailures(b) } : { a, b }
}

/** What was left out of the trials of a simulated capacity, and where it is seen. */
export function rareFailureNotes({ agent }: Workload, capacity: Capacity): string[] {
  const measuredMs = capacity.probes[0]?.summary.window?.measuredMs ?? Infinity
  const { failures } = agent
  if (capacity.origin !== 'simulated' || !failures || !failRarely(agent, measuredMs)) return []
  const downShare = failures.down.mean / failureEveryMs(failures, 1)
  const everyMs = betweenFailuresMs(agent)
  const minutes = Math.ceil((fewestFailures * everyMs) / minuteMs)
  return [
    `simulated trials count ${formatMs(measuredMs)} each, too little for servers that fail every ${formatMs(everyMs)}: failures are left out, and the simulated capacity is that of servers that run. Each is down ${formatShare(downShare)} of the time; what that does to ${loadText(capacity)} is seen by simulate with --duration ${minutes}m, ${fewestFailures} failures long.`,
  ]
}

/** The same of two that were compared. */
export function bothRareFailureNotes(workloads: Both<Workload>, capacities: Both<Capacity>): string[] {
  const [a, b] = (['a', 'b'] as const).map((side) => rareFailureNotes(workloads[side], capacities[side]))
  if (a!.length + b!.length === 0) return []
  const notes =
    String(a) === String(b) ? a! : [...a!.map((note) => `A: ${note}`), ...b!.map((note) => `B: ${note}`)]
  if (failuresText(workloads.a) !== failuresText(workloads.b))
    return [
      ...notes,
      'A and B fail differently, and both were tried without: the difference knows nothing of it.',
    ]
  return a!.length === b!.length
    ? notes
    : [...notes, 'Failures are left out of both, so that both are tried alike.']
}

function withoutFailures(workload: Workload): Workload {
  const { failures: _, ...agent } = workload.agent
  return { ...workload, agent }
}

const failRarely = (agent: Agent, measuredMs: number): boolean =>
  fewestFailures * betweenFailuresMs(agent) > measuredMs

/** With all the servers that there may be; 0 where none fails. */
const betweenFailuresMs = ({ failures, servers = 1, scale }: Agent): number =>
  failures ? failureEveryMs(failures, scale?.to ?? servers) : 0

const failuresText = ({ agent: { failures } }: Workload): string =>
  failures ? `${failures.every.toString()} ${failures.down.toString()}` : ''
