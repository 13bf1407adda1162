import type { Absorbed, BurstPlan, DayShape, PeakPlan, TogetherPlan } from '../../result/peak-plan.ts'
import { termsOf } from '../../workload/provider-quota.ts'
import {
  type MeterTerms,
  perMinuteOf,
  type QuotaTerm,
  reservedBy,
  termName,
} from '../../workload/quota-terms.ts'
import type { Burst, Model, Workload } from '../../workload/workload.ts'
import { demandOf, type TurnDemand } from '../demand.ts'
import type { ModelDemand } from '../inner-demand.ts'
import { modelLabel } from '../service-use.ts'
import { minuteMs } from '../../workload/units.ts'
import { bucket, window } from '../../workload/quotas/terms.ts'
import { loadShape, shapeAtCapacity } from './peak-to-average.ts'
import { type CallBurst, quotaBurst } from './quota-burst.ts'
import { synchronisedStart } from './synchronised-start.ts'

/** What the day, the burst and the common start of the file mean; nothing where it writes none of them. */
export function planPeak(workload: Workload): PeakPlan | undefined {
  const { day, burst, together } = workload.users.peak
  if (!day && !burst && together === undefined) return undefined
  const demand = demandOf(workload)
  return {
    ...(day ? { day: dayOf(day) } : {}),
    ...(burst ? { burst: burstOf(workload, demand, burst) } : {}),
    ...(together === undefined ? {} : { together: togetherOf(workload, demand, together) }),
  }
}

function dayOf(shares: readonly number[]): DayShape {
  const shape = loadShape(shares)
  const { beyondShare, overloadedParts } = shapeAtCapacity(shape, 1)
  return {
    peakToAverage: shape.peakToAverage,
    busiestHour: shape.busiest,
    busiestShare: shape.busiestShare,
    beyondMeanShare: beyondShare,
    hoursBeyondMean: overloadedParts,
  }
}

/** Calls alike, each the mean of those that the file's turns make. */
function meanCall({ models }: TurnDemand): { readonly calls: number; readonly tokens: number } {
  const calls = models.reduce((sum, model) => sum + model.calls, 0)
  const tokens = models.reduce((sum, model) => sum + model.inputTokens + model.outputTokens, 0)
  return { calls, tokens: tokens / calls }
}

function burstOf(workload: Workload, demand: TurnDemand, burst: Burst): BurstPlan {
  const { calls, tokens } = meanCall(demand)
  const callsPerSecond = burst.callsPerSecond ?? burst.tokensPerSecond! / Math.max(1, tokens)
  const limited = workload.models.flatMap((model, i) => {
    const asked = demand.models[i]!
    if (!model.quota || asked.calls === 0) return []
    const share = asked.calls / calls
    return [
      {
        model,
        terms: termsOf(model.quota),
        each: askedBy(model, asked),
        callsPerSecond: callsPerSecond * share,
      },
    ]
  })
  const own = limited.map(({ model, terms, each, callsPerSecond: rate }) =>
    absorbed(`${modelLabel(workload, model)} quota`, true, terms, { ...each, callsPerSecond: rate }),
  )
  const [first] = limited
  const others = first ? elsewhere(first.terms, { ...first.each, callsPerSecond: first.callsPerSecond }) : []
  return {
    callsPerSecond,
    tokensPerSecond: callsPerSecond * tokens,
    ...(burst.forMs === undefined ? {} : { forMs: burst.forMs }),
    absorbed: [...own, ...others],
  }
}

type Asked = Omit<CallBurst, 'callsPerSecond'>

const askedBy = (model: Model, { calls, inputTokens, cachedTokens }: ModelDemand): Asked => ({
  inputTokens: inputTokens / calls,
  cachedTokens: cachedTokens / calls,
  maxTokens: model.maxTokens ?? 0,
})

function absorbed(name: string, own: boolean, terms: readonly QuotaTerm[], burst: CallBurst): Absorbed {
  const { absorbedMs, calls, binding } = quotaBurst(terms, burst)
  if (!Number.isFinite(absorbedMs)) return { name, own }
  return { name, own, forMs: absorbedMs, calls, ...(binding === undefined ? {} : { binding }) }
}

/** How providers forget: published windows, and the bucket of a minute that stands for those that publish none. */
const meters: readonly { readonly name: string; readonly meter: (perMinute: number) => MeterTerms }[] = [
  { name: 'bucket of a minute (OpenAI, Anthropic)', meter: (perMinute) => bucket(perMinute, minuteMs) },
  { name: 'window of a minute (Azure standard)', meter: (perMinute) => windowed(perMinute, minuteMs) },
  { name: 'window of 120 s (Vertex, up to 3 GSU)', meter: (perMinute) => windowed(perMinute, 120_000) },
  { name: 'window of 30 s (Vertex, 4 to 49 GSU)', meter: (perMinute) => windowed(perMinute, 30_000) },
  { name: 'window of 5 s (Vertex, from 50 GSU)', meter: (perMinute) => windowed(perMinute, 5000) },
  { name: 'bucket of a second (strict pacing)', meter: (perMinute) => bucket(perMinute, 1000) },
]

const windowed = (perMinute: number, windowMs: number): MeterTerms =>
  window((perMinute * windowMs) / minuteMs, windowMs)

/** The first limit on tokens, the same amount a minute, forgotten in other ways. */
function elsewhere(terms: readonly QuotaTerm[], burst: CallBurst): Absorbed[] {
  const tokens = terms.find(({ of, meter }) => of !== 'requests' && meter.kind !== 'in-flight')
  if (!tokens) return []
  const perMinute = perMinuteOf(tokens)
  return meters.map(({ name, meter }) =>
    absorbed(name, false, [{ ...tokens, meter: meter(perMinute) }], burst),
  )
}

function togetherOf(workload: Workload, demand: TurnDemand, agents: number): TogetherPlan {
  const { calls } = meanCall(demand)
  const waits = workload.models.flatMap((model, i) => {
    const asked = demand.models[i]!
    if (!model.quota || asked.calls === 0) return []
    const each = askedBy(model, asked)
    const callMs = demand.scenarios.find((scenario) => scenario.model === i)?.modelMsPerCall.mean ?? 0
    const mine = Math.round((agents * asked.calls) / calls)
    return termsOf(model.quota).map((term) => {
      const start = { agents: mine, each: reservedBy(term, each), callMs }
      const { atOnce, refused, lastMs, meanMs } = synchronisedStart(term.meter, start)
      return {
        name: `${modelLabel(workload, model)} quota, ${termName(term)}`,
        atOnce,
        refused,
        ...(Number.isFinite(lastMs) ? { lastMs, meanMs } : {}),
      }
    })
  })
  return { agents, waits }
}
