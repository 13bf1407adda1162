import type { PhoneSound } from '../../result/phone-plan.ts'
import { constant } from '../../stats/distributions.ts'
import type { Phone } from '../../workload/phone.ts'
import { serversOf } from '../../workload/servers-of.ts'
import type { Workload } from '../../workload/workload.ts'
import { demandOf } from '../demand.ts'
import { withoutQuotas } from '../lift.ts'
import { objectivesOf } from '../plan-level.ts'
import { planned } from '../planned-workload.ts'
import { minuteMs } from '../../workload/units.ts'
import { soundOfCall } from './beside-sound.ts'
import { speechLaw } from './call-pace.ts'
import { callsUp, dispersionOf, mostCalls } from './calls-up.ts'

/** Callers as users: what is left of a cycle beside the agent's answer is their think time. */
export function callersOf(workload: Workload, turnsPerMinute: number): Workload {
  const cycleMs = minuteMs / turnsPerMinute
  const think = constant(Math.max(0, cycleMs - demandOf(workload).processingMs.mean))
  return {
    ...workload,
    users: { ...workload.users, think },
    scenarios: workload.scenarios.map((scenario) => ({ ...scenario, think })),
  }
}

/**
 * Calls at once, on average, whose sound leaves turns enough of the event loops: how many are up varies, and near the
 * end one more is much. Slots are counted elsewhere, so that speech may stand before the turn, in the place of its
 * prompt. Nothing where sound costs nothing, or where one call misses the objectives that its loop has room for.
 */
export function soundOfCalls(
  workload: Workload,
  phone: Phone,
  turnsPerMinute: number,
): PhoneSound | undefined {
  const alone = planned(withoutQuotas(workload))
  const share = soundOfCall(alone.agent)
  if (!phone.alone || share === 0) return undefined
  const { overhead, workers } = alone.agent
  const promptMs = speechLaw(workload, phone)
  const callers = callersOf(
    { ...alone, agent: { ...alone.agent, concurrency: Infinity, overhead: { ...overhead, promptMs } } },
    turnsPerMinute,
  )
  const demand = demandOf(callers)
  const places = Math.min(
    (workload.agent.voice?.calls ?? Infinity) * serversOf(workload),
    ...phone.vendors.map(({ concurrent, perCall }) => Math.floor(concurrent / perCall)),
  )
  const at = (users: number) => (users * share < 1 ? objectivesOf(callers, { users }, demand) : undefined)
  const dispersion = dispersionOf(callers.users.arrivals, phone.duration)
  const calls = mostCalls(callers.objectives, at, callsUp(places, dispersion), 1 / share)
  return calls > 0 || share >= 1 ? { calls, share, loops: workers, dispersion } : undefined
}
