import { tokensUsd } from '../../result/cost.ts'
import type {
  PhoneLatency,
  PhoneMoney,
  PhonePlan,
  PhoneQuota,
  PhoneServers,
  RecordedLoad,
} from '../../result/phone-plan.ts'
import { termsOf } from '../../workload/provider-quota.ts'
import { perMinuteOf, termName, termUnit } from '../../workload/quota-terms.ts'
import type { MouthToEarBudget, Phone } from '../../workload/phone.ts'
import type { RecordedCalls } from '../../workload/recorded-calls.ts'
import type { Workload } from '../../workload/workload.ts'
import { demandOf, type TurnDemand } from '../demand.ts'
import { minutesPerMonth } from '../money/break-even.ts'
import { chargesOf } from '../quota-pressure.ts'
import { modelLabel } from '../service-use.ts'
import { callChannels, callErlangs, type CallTraffic } from '../voice-sizing/call-channels.ts'
import { mouthToEar } from '../voice-sizing/mouth-to-ear.ts'
import { peopleNeeded } from '../voice-sizing/people-needed.ts'
import { minuteMs } from '../../workload/units.ts'
import { agentLinks, integrationLinks } from './phone-links.ts'
import { type AgentCalls, agentCalls, phoneServers } from './phone-servers.ts'
import { vendorName } from '../../workload/vendor-name.ts'
import { chainOf, phoneVendors } from './phone-vendors.ts'

/** What the calls of the file need in their busiest hour; nothing where it has none. */
export function planPhone(workload: Workload, headroom: number): PhonePlan | undefined {
  const { phone } = workload
  return phone && planCalls(workload, phone, headroom, agentCalls(workload, phone))
}

/** The same of calls at any rate, where what the agent serves is known: it does not hang on how many call. */
export function planCalls(
  workload: Workload,
  phone: Phone,
  headroom: number,
  agent: AgentCalls | undefined,
): PhonePlan {
  const minutesPerCall = phone.duration.mean / minuteMs
  const traffic = { callsPerMinute: phone.callsPerMinute, minutesPerCall }
  const demand = demandOf(workload)
  const quotas = [
    ...quotasOf(workload, phone, traffic, demand),
    ...integrationLinks(workload, phone, traffic, demand),
    ...(agent ? agentLinks(workload, phone, traffic, agent) : []),
  ]
  const channels = callChannels(traffic, phone.blocked)
  const servers = agent && phoneServers(agent, channels, headroom)
  const money = moneyOf(workload, phone, minutesPerCall, demand, servers)
  return {
    ...(phone.recorded ? { recorded: loadOf(phone.recorded) } : {}),
    callsPerMinute: phone.callsPerMinute,
    minutesPerCall,
    erlangs: callErlangs(traffic),
    target: phone.blocked,
    channels,
    vendors: phoneVendors(phone, traffic),
    quotas,
    chain: chainOf(phone, traffic, quotas),
    ...(phone.mouthToEar ? { mouthToEar: latencyOf(phone.mouthToEar) } : {}),
    ...(servers ? { servers } : {}),
    ...(phone.handOff ? { people: peopleNeeded('calls', phone.callsPerMinute, phone.handOff) } : {}),
    ...(money ? { money } : {}),
  }
}

function loadOf({ callsPerMinute: _, duration, ...rest }: RecordedCalls): RecordedLoad {
  return { ...rest, ...(duration ? { duration: String(duration) } : {}) }
}

/** The limits of the models a minute, for the calls that are up on average; answers a minute must be known. */
function quotasOf(
  workload: Workload,
  { turnsPerMinute }: Phone,
  { callsPerMinute, minutesPerCall }: CallTraffic,
  demand: TurnDemand,
): PhoneQuota[] {
  if (turnsPerMinute === undefined) return []
  const turnsPerCall = turnsPerMinute * minutesPerCall
  return workload.models.flatMap((model, i) => {
    const asked = demand.models[i]!
    if (!model.quota || asked.calls === 0) return []
    return termsOf(model.quota).flatMap((term) => {
      const limit = perMinuteOf(term)
      const perCall = turnsPerCall * asked.calls * chargesOf(term, model, asked).settled
      if (!Number.isFinite(limit) || perCall <= 0) return []
      return [
        {
          name: `${modelLabel(workload, model)} quota, ${termName(term)}`,
          unit: termUnit(term),
          asked: callsPerMinute * perCall,
          limit,
          callsPerMinute: limit / perCall,
        },
      ]
    })
  })
}

function latencyOf({ withinMs, parts }: MouthToEarBudget): PhoneLatency {
  const { totalMs, parts: ordered } = mouthToEar(
    parts.map(({ name, time }) => ({ name, ms: time.mean })),
    withinMs,
  )
  const p95 = new Map(parts.map(({ name, time }) => [name, time.quantile(0.95)]))
  return {
    withinMs,
    meanMs: totalMs,
    upperMs: [...p95.values()].reduce((sum, ms) => sum + ms, 0),
    parts: ordered.map(({ name, ms, share }) => ({ name, meanMs: ms, p95Ms: p95.get(name)!, share })),
  }
}

/** Minutes × every price that the file gives; the model by its tokens where it has no price a minute. */
function moneyOf(
  workload: Workload,
  phone: Phone,
  minutesPerCall: number,
  demand: TurnDemand,
  servers: PhoneServers | undefined,
): PhoneMoney | undefined {
  const priced = phone.vendors.map((vendor) => ({ name: vendorName(vendor), usd: vendor.perMinuteUsd }))
  const tokens = phone.vendors.some(
    ({ part, perMinuteUsd }) => part === 'model' && perMinuteUsd !== undefined,
  )
    ? undefined
    : tokensPerMinuteUsd(workload, phone, demand)
  // Of a model that is no vendor of a call and has no price of its tokens the bill knows nothing.
  const isUnsaid =
    phone.turnsPerMinute !== undefined &&
    phone.vendors.every(({ part }) => part !== 'model') &&
    demand.models.some(({ calls, inputTokens, outputTokens }) => calls * (inputTokens + outputTokens) > 0)
  const all = [
    ...priced.filter(({ name, usd }) => name !== 'model' || usd !== undefined || tokens === undefined),
    ...(tokens === undefined && !isUnsaid ? [] : [{ name: 'model, tokens', usd: tokens }]),
  ]
  const known = all.flatMap(({ name, usd }) => (usd === undefined ? [] : [{ name, usd }]))
  if (known.length === 0) return undefined
  const perMinuteUsd = known.reduce((sum, { usd }) => sum + usd, 0)
  const minutesPerMonthUsed =
    ((phone.callsPerMinute * minutesPerCall) / phone.peakToAverage) * minutesPerMonth
  const serverUsd = workload.agent.server?.perMonthUsd
  const serversUsd = servers && serverUsd !== undefined ? servers.total * serverUsd : undefined
  return {
    perMinuteUsd,
    perCallUsd: perMinuteUsd * minutesPerCall,
    minutesPerMonth: minutesPerMonthUsed,
    perMonthUsd: perMinuteUsd * minutesPerMonthUsed + (serversUsd ?? 0),
    parts: known.map(({ name, usd }) => ({
      name,
      perMinuteUsd: usd,
      perMonthUsd: usd * minutesPerMonthUsed,
    })),
    ...(serversUsd === undefined ? {} : { serversUsd }),
    unpriced: all.flatMap(({ name, usd }) => (usd === undefined ? [name] : [])),
  }
}

/** Tokens of a minute of a call at list price. */
function tokensPerMinuteUsd(
  { models }: Workload,
  { turnsPerMinute }: Phone,
  demand: TurnDemand,
): number | undefined {
  if (turnsPerMinute === undefined) return undefined
  let perTurnUsd = 0
  for (const [i, { calls, inputTokens, cachedTokens, outputTokens }] of demand.models.entries()) {
    if (calls === 0) continue
    const { price } = models[i]!
    if (!price) return undefined
    perTurnUsd += tokensUsd(price, { input: inputTokens, cachedInput: cachedTokens, output: outputTokens })
  }
  return perTurnUsd * turnsPerMinute
}
