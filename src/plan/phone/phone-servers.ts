import type { PhoneServers } from '../../result/phone-plan.ts'
import { constant } from '../../stats/distributions.ts'
import type { Phone } from '../../workload/phone.ts'
import { serversOf } from '../../workload/servers-of.ts'
import type { Workload } from '../../workload/workload.ts'
import { demandOf } from '../demand.ts'
import { withoutQuotas } from '../lift.ts'
import { planCapacity } from '../plan-capacity.ts'

const spare = 1

/**
 * Agent servers for so many calls at once. A call that is up is a user who speaks `turns` times a minute: what a cycle
 * leaves beside the agent's answer is the user's think time. Nothing where the file does not say how often, or where no
 * limit of the server was met. Quotas are told apart: more servers do not raise them.
 */
export function phoneServers(
  workload: Workload,
  { turnsPerMinute }: Phone,
  channels: number,
  headroom: number,
): PhoneServers | undefined {
  if (turnsPerMinute === undefined) return undefined
  const cycleMs = 60_000 / turnsPerMinute
  const think = constant(Math.max(0, cycleMs - demandOf(workload).processingMs.mean))
  const callers: Workload = {
    ...workload,
    users: { ...workload.users, think },
    scenarios: workload.scenarios.map((scenario) => ({ ...scenario, think })),
  }
  const { serverAlone, brokenBy, bottleneck } = planCapacity(withoutQuotas(callers), {
    headroom,
    tell: 'shopping',
  })
  const places = workload.agent.voice?.calls ?? Infinity
  const able =
    serverAlone && !serverAlone.unbounded && serverAlone.users > 0
      ? serverAlone.users / serversOf(workload)
      : Infinity
  if (able === Infinity && places === Infinity) return undefined
  const callsEach = Math.max(1, Math.floor(Math.min(able, places) * headroom))
  const atPeak = Math.ceil(channels / callsEach)
  const why =
    places <= able
      ? { boundBy: 'agent.voice.calls' }
      : {
          ...(bottleneck ? { boundBy: bottleneck.service } : {}),
          ...(brokenBy === undefined ? {} : { brokenBy }),
        }
  return {
    callsEach,
    headroom,
    ...why,
    atPeak,
    spare,
    total: atPeak + spare,
  }
}
