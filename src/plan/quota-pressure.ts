import { termsOf } from '../workload/provider-quota.ts'
import { perMinuteOf, type QuotaTerm, reservedBy, settledBy } from '../workload/quota-terms.ts'
import type { Model } from '../workload/workload.ts'
import { minuteMs } from '../workload/units.ts'
import type { ModelDemand } from './inner-demand.ts'
import { erlangB } from './formulas/erlang-b.ts'
import { windowOverflow } from './quota-sizing/window-overflow.ts'

/** What one model's calls ask of its quota, in requests and in tokens. */
export interface QuotaLoad {
  /** Tries of calls a minute, refused ones too. */
  readonly triesPerMinute: number
  /** Calls in flight. */
  readonly inFlight: number
  /** Time of one call. */
  readonly callMs: number
}

/**
 * Share of tries that a bucket refuses. The bucket's deficit is a workload with a finite room: with offered load ρ
 * and a room worth K mean calls the loss is (1 − ρ)·ρ^K ÷ (1 − ρ^(K+1)), that of M/M/1/K, whose K is scaled to the
 * spread of the calls' sizes (a diffusion between two barriers has the same form; exact for neither). It
 * is negligible below ρ ≈ 0.97 for a bucket of a minute, and tends to 1 − 1/ρ above 1: a cliff.
 */
export function refusedShare(offered: number, limit: number, roomInCalls: number): number {
  if (!Number.isFinite(limit) || offered <= 0) return 0
  const load = offered / limit
  const room = Math.max(0, roomInCalls)
  if (Math.abs(load - 1) < 1e-9) return 1 / (room + 1)
  if (load < 1) return ((1 - load) * load ** room) / (1 - load ** (room + 1))
  const inverse = 1 / load
  return (1 - inverse) / (1 - inverse ** (room + 1))
}

/** Share of a model's tries that its tightest limit refuses; what spills over is not refused. */
export function quotaRefusal(model: Model, demand: ModelDemand, load: QuotaLoad): number {
  const { quota } = model
  if (!quota || demand.calls === 0 || ('terms' in quota && quota.overLimit === 'spill')) return 0
  return termsOf(quota).reduce((most, term) => Math.max(most, termRefusal(term, model, demand, load)), 0)
}

/** Erlang's recursion is exact and takes a step for each server; beyond this the difference is not seen. */
const mostServers = 2000

function termRefusal(term: QuotaTerm, model: Model, demand: ModelDemand, load: QuotaLoad): number {
  const { meter, overshoot } = term
  const { reserved, settled } = chargesOf(term, model, demand)
  if (meter.kind === 'in-flight')
    return lossOf(meter.limit / reserved, (load.triesPerMinute * load.callMs) / minuteMs)
  if (settled === 0) return 0
  const held = meter.kind === 'bucket' ? (meter.perMinute * meter.depthMs) / minuteMs : meter.limit
  // Calls in flight hold back what they reserved and will not use.
  const free = Math.max(0, held - load.inFlight * Math.max(0, reserved - settled))
  if (meter.kind === 'bucket') {
    const room = term.tokens ? (free - (overshoot ? 0 : reserved)) / settled : free
    return refusedShare(load.triesPerMinute * settled, meter.perMinute, room)
  }
  const triesPerWindow = (load.triesPerMinute * meter.windowMs) / minuteMs
  // In a sliding window each admitted call takes its part for one window's time: Erlang's loss system.
  return meter.kind === 'sliding'
    ? lossOf(free / settled, triesPerWindow)
    : windowOverflow(free / settled, triesPerWindow)
}

function lossOf(servers: number, erlangs: number): number {
  if (servers === Infinity) return 0
  return servers > mostServers ? windowOverflow(servers, erlangs) : erlangB(Math.floor(servers), erlangs)
}

/** What a mean call is charged at admission, and what of it stands at the end. */
export function chargesOf(
  term: QuotaTerm,
  model: Model,
  demand: ModelDemand,
): { reserved: number; settled: number } {
  const { calls } = demand
  const asked = {
    inputTokens: demand.inputTokens / calls,
    cachedTokens: demand.cachedTokens / calls,
    maxTokens: model.maxTokens ?? 0,
  }
  const used = { ...asked, outputTokens: demand.outputTokens / calls }
  return { reserved: reservedBy(term, asked), settled: settledBy(term, asked, used) }
}

/**
 * How long a refused call is told to wait: until a bucket has refilled by one call, or half a window. Of limits that
 * count differently the one that refuses first is the one that speaks.
 */
export function retryAfterMs(model: Model, demand: ModelDemand): number {
  if (!model.quota || demand.calls === 0) return 0
  const terms = termsOf(model.quota)
  const wait = (term: QuotaTerm): number => {
    const { meter } = term
    if (meter.kind === 'in-flight') return meter.retryAfterMs
    if (meter.kind === 'window') return meter.windowMs / 2
    const { reserved, settled } = chargesOf(term, model, demand)
    return (minuteMs * (term.overshoot ? settled : reserved)) / perMinuteOf(term)
  }
  const first = terms.length > 1 ? firstToRefuse(terms, model, demand) : terms[0]
  if (first && first.meter.kind !== 'bucket') return wait(first)
  return Math.max(0, ...terms.filter(({ meter }) => meter.kind === 'bucket').map(wait))
}

/** Just below the load at which some limit is used up; smaller rooms refuse earlier. */
const nearlyFull = 0.95

function firstToRefuse(
  terms: readonly QuotaTerm[],
  model: Model,
  demand: ModelDemand,
): QuotaTerm | undefined {
  const most = Math.min(...terms.map((term) => perMinuteOf(term) / chargesOf(term, model, demand).settled))
  if (!Number.isFinite(most)) return terms[0]
  const load = { triesPerMinute: nearlyFull * most, inFlight: 0, callMs: 0 }
  const refusals = terms.map((term) => termRefusal(term, model, demand, load))
  return terms[refusals.indexOf(Math.max(...refusals))]
}
