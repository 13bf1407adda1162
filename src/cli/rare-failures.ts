import { nearestProbe } from '../report/answers.ts'
import type { Capacity } from '../result/capacity.ts'
import { formatMs, formatShare } from '../result/figure-text.ts'
import { loadText } from '../result/load-words.ts'
import { betweenFailuresMs, failuresIn, fewestFailures } from '../simulate/too-short.ts'
import { minuteMs } from '../workload/units.ts'
import type { Workload } from '../workload/workload.ts'

/** What a simulated capacity leaves to chance, where servers fail more rarely than its trials are long. */
export function rareFailureNotes(workload: Workload, capacity: Capacity): string[] {
  const { failures } = workload.agent
  const { window, ...summary } = nearestProbe(capacity)?.summary ?? {}
  if (!failures || capacity.origin !== 'simulated' || !window) return []
  const everyMs = betweenFailuresMs(workload.agent, summary)!
  if (fewestFailures * everyMs <= window.measuredMs) return []
  const { down, every } = failures
  const { probes } = capacity
  const saw = probes.filter((probe) => failuresIn(probe.summary) > 0).length
  const so =
    saw === 0
      ? `none of ${probes.length} saw one: the simulated capacity is that of servers that run`
      : `${saw} of ${probes.length} saw one: it is chance how much of failures the simulated capacity has in it`
  return [
    `a server fails every ${formatMs(everyMs)}, simulated trials count ${formatMs(window.measuredMs)} each, and ${so}. Each server is down ${formatShare(down.mean / (every.mean + down.mean))} of the time; what that does to ${loadText(capacity)} is seen by simulate with --duration ${Math.ceil((fewestFailures * everyMs) / minuteMs)}m, ${fewestFailures} failures long.`,
  ]
}
