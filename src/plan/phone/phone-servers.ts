import type { PhoneServers } from '../../result/phone-plan.ts'
import { constant } from '../../stats/distributions.ts'
import type { Phone } from '../../workload/phone.ts'
import { serversOf } from '../../workload/servers-of.ts'
import type { Workload } from '../../workload/workload.ts'
import { demandOf } from '../demand.ts'
import { withoutQuotas } from '../lift.ts'
import { planCapacity } from '../plan-capacity.ts'
import { objectivesOf } from '../plan-level.ts'
import { planned } from '../planned-workload.ts'
import { soundOfCall } from './beside-sound.ts'
import { speechLaw, speechMeanMs } from './call-pace.ts'
import { callsUp, dispersionOf, mostCalls } from './calls-up.ts'

const spare = 1

/** Calls at once that the file's agent serves: as many as its objectives allow, and as many as it has places for. */
export interface AgentCalls {
  readonly able: number
  readonly places: number
  readonly boundBy?: string
  readonly brokenBy?: string
}

/**
 * What one agent server serves. A call that is up is a user who speaks `turns` times a minute: what a cycle leaves beside
 * the agent's answer is the user's think time. Nothing where the file does not say how often, or where no limit of the
 * server was met. Quotas are told apart: more servers do not raise them. Of a limit on the response, what speech takes
 * on average is gone before the agent begins.
 */
export function agentCalls(workload: Workload, phone: Phone): AgentCalls | undefined {
  const { turnsPerMinute } = phone
  if (turnsPerMinute === undefined) return undefined
  const speechMs = phone.alone ? speechMeanMs(workload, phone) : 0
  const callers: Workload = {
    ...speaking(workload, turnsPerMinute),
    objectives: workload.objectives.map((objective) =>
      objective.metric === 'ttft'
        ? { ...objective, limit: Math.max(1, objective.limit - speechMs) }
        : objective,
    ),
  }
  const { serverAlone, brokenBy, bottleneck } = planCapacity(withoutQuotas(callers), { tell: 'shopping' })
  const places = workload.agent.voice?.calls ?? Infinity
  const steady = serverAlone && !serverAlone.unbounded && serverAlone.users > 0 ? serverAlone.users : Infinity
  const atOnce = Math.min(steady, besideTheirSound(workload, phone, turnsPerMinute))
  const able = atOnce / serversOf(workload)
  if (able === Infinity && places === Infinity) return undefined
  const why = {
    ...(bottleneck ? { boundBy: bottleneck.service } : {}),
    ...(brokenBy === undefined ? {} : { brokenBy }),
  }
  return { able, places, ...(places <= able ? { boundBy: 'agent.voice.calls' } : why) }
}

/** Callers as users: what is left of a cycle beside the agent's answer is their think time. */
function speaking(workload: Workload, turnsPerMinute: number): Workload {
  const cycleMs = 60_000 / turnsPerMinute
  const think = constant(Math.max(0, cycleMs - demandOf(workload).processingMs.mean))
  return {
    ...workload,
    users: { ...workload.users, think },
    scenarios: workload.scenarios.map((scenario) => ({ ...scenario, think })),
  }
}

/**
 * Calls at once, on average, whose sound leaves turns enough of the event loops: how many are up varies, and near the end one more
 * is much. Slots are counted elsewhere, so that speech may stand before the turn, in the place of its prompt.
 */
function besideTheirSound(workload: Workload, phone: Phone, turnsPerMinute: number): number {
  const alone = planned(withoutQuotas(workload))
  const share = soundOfCall(alone.agent)
  if (!phone.alone || share === 0) return Infinity
  const { overhead } = alone.agent
  const promptMs = speechLaw(workload, phone)
  const spoken = speaking(
    { ...alone, agent: { ...alone.agent, concurrency: Infinity, overhead: { ...overhead, promptMs } } },
    turnsPerMinute,
  )
  const demand = demandOf(spoken)
  const places = Math.min(
    (workload.agent.voice?.calls ?? Infinity) * serversOf(workload),
    ...phone.vendors.map(({ concurrent, perCall }) => Math.floor(concurrent / perCall)),
  )
  const at = (users: number) => (users * share < 1 ? objectivesOf(spoken, { users }, demand) : undefined)
  const up = callsUp(places, dispersionOf(spoken.users.arrivals, phone.duration))
  return mostCalls(spoken.objectives, at, up, 1 / share)
}

/** Agent servers for so many calls at once. */
export function phoneServers(
  { able, places, boundBy, brokenBy }: AgentCalls,
  channels: number,
  headroom: number,
): PhoneServers {
  const callsEach = Math.max(1, Math.floor(Math.min(able, places) * headroom))
  const atPeak = Math.ceil(channels / callsEach)
  return {
    callsEach,
    headroom,
    ...(boundBy === undefined ? {} : { boundBy }),
    ...(brokenBy === undefined ? {} : { brokenBy }),
    atPeak,
    spare,
    total: atPeak + spare,
  }
}
