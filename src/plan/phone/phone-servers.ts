import type { PhoneServers, PhoneSound } from '../../result/phone-plan.ts'
import type { Phone } from '../../workload/phone.ts'
import { levelValue } from '../../workload/level.ts'
import { serversOf } from '../../workload/servers-of.ts'
import type { Workload } from '../../workload/workload.ts'
import { withoutQuotas } from '../lift.ts'
import { planCapacity } from '../plan-capacity.ts'
import { speechMeanMs } from './call-pace.ts'
import { callersOf, soundOfCalls } from './sound-of-calls.ts'

const spare = 1

/** Calls at once that the file's agent serves: as many as its objectives allow, and as many as it has places for. */
export interface AgentCalls {
  readonly able: number
  readonly places: number
  readonly boundBy?: string
  readonly brokenBy?: string
  readonly sound?: PhoneSound
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
    ...callersOf(workload, turnsPerMinute),
    objectives: workload.objectives.map((objective) =>
      objective.metric === 'ttft'
        ? { ...objective, limit: Math.max(1, objective.limit - speechMs) }
        : objective,
    ),
  }
  const { level, unbounded, brokenBy, bottleneck } = planCapacity(withoutQuotas(callers), { tell: 'limits' })
  const places = workload.agent.voice?.calls ?? Infinity
  const steady = unbounded || levelValue(level) <= 0 ? Infinity : levelValue(level)
  const sound = soundOfCalls(workload, phone, turnsPerMinute)
  const able = Math.min(steady, sound?.calls ?? Infinity) / serversOf(workload)
  if (able === Infinity && places === Infinity) return undefined
  const why = {
    ...(bottleneck ? { boundBy: bottleneck.service } : {}),
    ...(brokenBy === undefined ? {} : { brokenBy }),
  }
  const beside = sound ? { sound } : {}
  return { able, places, ...beside, ...(places <= able ? { boundBy: 'agent.voice.calls' } : why) }
}

/** Agent servers for so many calls at once. */
export function phoneServers(
  { able, places, boundBy, brokenBy, sound }: AgentCalls,
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
    ...(sound ? { sound } : {}),
    atPeak,
    spare,
    total: atPeak + spare,
  }
}
