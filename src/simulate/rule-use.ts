import type { RuleUse } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'
import { callsRefused } from './phone/call-use.ts'
import type { Simulation } from './simulation.ts'

/** Rules that others look up by their words. */
export const serverRules = { paid: 'servers paid for on average', failed: 'servers that failed' } as const

/** What the agent's rules did within the window; those that the file does not write are left out. */
export function ruleUse(workload: Workload, { agent, counts, meter, calls }: Simulation): RuleUse[] {
  const { admission, breakers, degrade, failures, limits, scale, state } = workload.agent
  const services = [...workload.models.map(({ key }) => key), ...workload.tools.map(({ name }) => name)]
  const uses: RuleUse[] = []
  const add = (rule: string, count: number): void => void uses.push({ rule, count })
  if (calls) for (const { name, refused } of callsRefused(calls)) add(`calls refused: ${name}`, refused)
  if (breakers)
    for (const [i, name] of services.entries()) {
      add(`breakers of ${name} opened`, agent.breakers!.opened[i]!)
      add(`calls refused by the breakers of ${name}`, agent.breakers!.refused[i]!)
    }
  for (const [i, { key, fallback }] of workload.models.entries()) {
    if (fallback)
      add(`calls of ${key} that went to ${workload.models[fallback.to]!.key}`, counts.fellBack[i]!)
    if (limits.callMs !== undefined) add(`calls of ${key} that took too long`, counts.callsTimedOut[i]!)
  }
  if (limits.toolMs !== undefined)
    for (const [i, { name }] of workload.tools.entries())
      add(`calls of ${name} that took too long`, counts.toolsTimedOut[i]!)
  if (admission?.shed === 'lowest') add('waiting turns shed for more urgent ones', counts.displaced)
  if (degrade) add('turns given a shorter loop', counts.degraded)
  if (state && state.failure > 0) add('operations of the state store that failed', counts.stateFailures)
  if (scale) {
    add('servers started', counts.serversStarted)
    add('servers stopped', counts.serversStopped)
    add(serverRules.paid, agent.servers.paid.mean(meter.window.toMs))
  }
  if (failures) add(serverRules.failed, counts.serverFailures)
  return uses
}
