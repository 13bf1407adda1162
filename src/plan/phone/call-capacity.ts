import type { Capacity } from '../../result/capacity.ts'
import { formatShare } from '../../result/figure-text.ts'
import type { PhonePlan } from '../../result/phone-plan.ts'
import type { MetricName } from '../../workload/metrics.ts'
import type { Phone } from '../../workload/phone.ts'
import { vendorName } from '../../workload/vendor-name.ts'
import type { Workload } from '../../workload/workload.ts'
import { withAgent } from '../changed-workload.ts'
import { callLevers } from '../levers/levers.ts'
import { closeBehind, pullLevers, pullPairs, type Today } from '../levers/pull-levers.ts'
import { lifted, withoutQuotas } from '../lift.ts'
import { minuteMs } from '../../workload/units.ts'
import { isQuota } from '../../result/fleet/fleet-quotas.ts'
import { type AgentCalls, agentCalls } from './phone-servers.ts'
import { planCalls } from './plan-phone.ts'

type Calling = Workload & { readonly phone: Phone }

/** What the chain of vendors carries, the link that is full first, and, told everything, what would carry more. */
export function callCapacity(
  workload: Workload,
  headroom: number,
  tell: 'limits' | 'everything' = 'everything',
): Capacity {
  const calling = workload as Calling
  const agent = agentCalls(calling, calling.phone)
  const plan = planCalls(calling, calling.phone, headroom, agent)
  const { chain } = plan
  const value = (chain.callsPerMinute ?? plan.callsPerMinute) / 60
  const bottleneck = bindingOf(plan)
  const limits: Capacity = {
    origin: 'solved',
    level: { sessionsPerSecond: value },
    phone: { heldMs: plan.minutesPerCall * minuteMs },
    runAt: value * headroom,
    probes: [],
    ...(bottleneck ? { brokenBy: brokenBy(calling, plan, bottleneck), bottleneck } : { unbounded: true }),
  }
  if (tell === 'limits' || !bottleneck) return limits
  const next = nextOf(calling, bottleneck, value)
  return {
    ...limits,
    ...(next ? { next } : {}),
    ...advised(todayOf(calling, agent, value, headroom), bottleneck, next),
  }
}

type Bottleneck = NonNullable<Capacity['bottleneck']>

/** The link that is the first to be full. */
function bindingOf({ chain: { binding }, vendors, quotas }: PhonePlan): Bottleneck | undefined {
  const vendor = vendors.find(({ name }) => name === binding)
  if (vendor?.boundBy === 'starts')
    return { service: `${vendor.name}, starts`, limit: vendor.starts!.perSecond, unit: 'calls/s' }
  if (vendor) return { service: vendor.name, limit: vendor.concurrent ?? Infinity, unit: 'calls' }
  const link = quotas.find(({ name }) => name === binding)
  return link && { service: link.name, limit: link.limit, unit: link.unit }
}

/** What callers meet where the link is full: busy tones, model calls that are refused, or answers that come late. */
function brokenBy({ objectives, phone }: Calling, plan: PhonePlan, { service }: Bottleneck): string {
  const written = (metric: MetricName): string | undefined =>
    objectives.find((each) => each.metric === metric && each.scenario === undefined)?.text
  const late = written('ttft') ?? written('turn')
  const busy = (): string => written('blocked') ?? `blocked < ${formatShare(phone.blocked)}`
  const link = plan.quotas.find(({ name }) => name === service)
  if (!link || service === places) return busy()
  if (isQuota(service)) return written('errors') ?? late ?? busy()
  return (plan.servers?.boundBy === service ? plan.servers.brokenBy : undefined) ?? late ?? busy()
}

const places = 'agent.voice.calls'

const perSecond = (workload: Calling, agent = agentCalls(workload, workload.phone)): number =>
  (planCalls(workload, workload.phone, 1, agent).chain.callsPerMinute ?? Infinity) / 60

/** The file with the limit of one link taken away. */
function without(workload: Calling, { service, unit }: Pick<Bottleneck, 'service' | 'unit'>): Calling {
  const { agent, phone } = workload
  const vendors = phone.vendors.map((vendor) => {
    if (vendorName(vendor) === service) return { ...vendor, concurrent: Infinity }
    const { starts: _, ...others } = vendor
    return `${vendorName(vendor)}, starts` === service ? others : vendor
  })
  const voice = agent.voice && {
    ...agent.voice,
    ...(service === places ? { calls: Infinity } : {}),
    ...(service === 'event loop' ? { cpuPerSecondMs: 0 } : {}),
  }
  const changed = withAgent(workload, voice ? { voice } : {})
  return { ...lifted(changed, { name: service, unit }), phone: { ...phone, vendors } }
}

function nextOf(workload: Calling, bottleneck: Bottleneck, value: number): Capacity['next'] {
  const freed = without(workload, bottleneck)
  const plan = planCalls(freed, freed.phone, 1, agentCalls(freed, freed.phone))
  const second = bindingOf(plan)
  if (!second || second.service === bottleneck.service) return undefined
  return { service: second.service, users: Math.max(value, plan.chain.callsPerMinute! / 60) }
}

function todayOf(workload: Calling, agent: AgentCalls | undefined, value: number, headroom: number): Today {
  const known = new Map<Workload, AgentCalls | undefined>([[workload, agent]])
  const agentOf = (changed: Calling): AgentCalls | undefined => {
    if (!known.has(changed)) known.set(changed, agentCalls(changed, changed.phone))
    return known.get(changed)
  }
  const capacityOf = (changed: Workload): number => perSecond(changed as Calling, agentOf(changed as Calling))
  return {
    workload,
    levers: callLevers,
    value,
    runAt: value * headroom,
    runAtOf: (level) => level * headroom,
    capacityOf,
    near: (other) => ({ value: capacityOf(other), capacityOf }),
    billOf(changed, level) {
      const calling = changed as Calling
      const phone = { ...calling.phone, callsPerMinute: level * 60 }
      const { money } = planCalls(calling, phone, headroom, agentOf(calling))
      return money && money.unpriced.length === 0 ? money.perMonthUsd : undefined
    },
  }
}

function advised(
  today: Today,
  first: Bottleneck,
  next: Capacity['next'],
): Pick<Capacity, 'advice' | 'tried' | 'pairs'> {
  const pulled = pullLevers(today)
  if (!next || next.users > today.value * closeBehind) return pulled
  const [withoutFirst, withoutSecond] = [first.service, next.service].map((service) =>
    isQuota(service)
      ? withoutQuotas(today.workload)
      : without(today.workload as Calling, { service, unit: '' }),
  )
  const pairs = pullPairs(today, withoutFirst!, withoutSecond!, [...pulled.advice, ...pulled.tried])
  return { ...pulled, pairs }
}
