import type { PhoneQuota } from '../../result/phone-plan.ts'
import type { Phone } from '../../workload/phone.ts'
import { serversOf } from '../../workload/servers-of.ts'
import type { Workload } from '../../workload/workload.ts'
import type { TurnDemand } from '../demand.ts'
import { callErlangs, callsCarried, type CallTraffic } from '../voice-sizing/call-channels.ts'
import { minuteMs } from '../../workload/units.ts'
import type { AgentCalls } from './phone-servers.ts'

const unit = 'calls at once'

/** Integrations of limited capacity, where all of it is in use; answers a minute must be known. */
export function integrationLinks(
  { tools }: Workload,
  { turnsPerMinute }: Phone,
  { callsPerMinute, minutesPerCall }: CallTraffic,
  { toolCalls }: TurnDemand,
): PhoneQuota[] {
  if (turnsPerMinute === undefined) return []
  return [...toolCalls].flatMap(([index, perTurn]) => {
    const { name, capacity, latency } = tools[index]!
    const busyPerCall = turnsPerMinute * minutesPerCall * perTurn * (latency.mean / minuteMs)
    if (!Number.isFinite(capacity) || !(busyPerCall > 0)) return []
    const asked = callsPerMinute * busyPerCall
    return [{ name, unit, asked, limit: capacity, callsPerMinute: capacity / busyPerCall }]
  })
}

/** The agent as the file has it: its places as a loss system, and its workers at their most. */
export function agentLinks(
  workload: Workload,
  { blocked }: Phone,
  traffic: CallTraffic,
  { able, places, boundBy }: AgentCalls,
): PhoneQuota[] {
  const servers = serversOf(workload)
  const asked = callErlangs(traffic)
  const { minutesPerCall } = traffic
  const links: PhoneQuota[] = []
  if (places < Infinity) {
    const limit = places * servers
    const callsPerMinute = callsCarried(limit, minutesPerCall, blocked)
    links.push({ name: 'agent.voice.calls', unit, asked, limit, callsPerMinute })
  }
  if (able < Infinity) {
    const limit = able * servers
    const name = boundBy === undefined || places <= able ? 'agent' : boundBy
    links.push({ name, unit, asked, limit, callsPerMinute: limit / minutesPerCall })
  }
  return links
}
