import type { CachingEffect, DepthBand, QuotaEffects, ReservationEffect } from '../result/quota-effects.ts'
import { favoursCache, quotaNumbers, requoted, termsOf } from '../workload/provider-quota.ts'
import { perMinuteOf, reservedBy } from '../workload/quota-terms.ts'
import type { Model, Workload } from '../workload/workload.ts'
import { capacitySearch } from './capacity-search.ts'
import { withModel } from './changed-workload.ts'
import { modelPath } from './file-words.ts'
import { demandOf } from './demand.ts'
import type { ModelDemand } from './inner-demand.ts'
import { objectivesOf } from './plan-level.ts'
import { modelLabel } from './service-use.ts'

/**
 * Ends of what an unpublished bucket may hold, as the time in which it fills: the shortest and the longest window that
 * is published for provisioned throughput (Google Cloud, Vertex: 5 s from 50 units on, 120 s up to 3).
 */
export const plausibleDepthMs = { low: 5000, high: 120_000 } as const

const mostUsers = 100_000

/** What max_tokens, the cache and an unpublished bucket mean for the capacity, by solving the file without them. */
export function quotaEffects(workload: Workload, users: number): QuotaEffects[] {
  if (workload.objectives.length === 0 || users <= 0) return []
  const demand = demandOf(workload)
  return workload.models.flatMap((model, i): QuotaEffects[] => {
    const asked = demand.models[i]!
    if (!model.quota || asked.calls === 0) return []
    const carried = (change: Partial<Model>): number => usersOf(withModel(workload, i, change), users)
    const reservation = reservationOf(workload, model, i, asked, users, carried)
    const caching = cachingOf(model, asked, users, carried)
    const depth = depthOf(workload, model, carried)
    if (!reservation && !caching && !depth) return []
    return [
      {
        name: `${modelLabel(workload, model)} quota`,
        ...(reservation ? { reservation } : {}),
        ...(caching ? { caching } : {}),
        ...(depth ? { depth } : {}),
      },
    ]
  })
}

function reservationOf(
  { scenarios }: Workload,
  model: Model,
  index: number,
  { calls, inputTokens, cachedTokens, outputTokens }: ModelDemand,
  users: number,
  carried: (change: Partial<Model>) => number,
): ReservationEffect | undefined {
  const asked = {
    inputTokens: inputTokens / calls,
    cachedTokens: cachedTokens / calls,
    maxTokens: model.maxTokens ?? 0,
  }
  const holding = termsOf(model.quota!).filter(
    ({ tokens }) => tokens?.outputBasis === 'maxTokens' && tokens.reserve.output > 0,
  )
  const meanOutput = outputTokens / calls
  const maxTokens = model.maxTokens ?? Math.max(0, ...holding.map(({ tokens }) => tokens!.expectedTokens))
  const outputs = scenarios.filter((scenario) => scenario.model === index).map(({ output }) => output)
  const enough = Math.ceil(Math.max(...outputs.map((output) => output.quantile(0.99))))
  if (holding.length === 0 || maxTokens <= enough) return undefined
  const without = carried({ maxTokens: enough })
  const held = holding.filter(({ tokens, meter }) => tokens!.settle && meter.kind === 'bucket')
  const callsInFlight = Math.min(
    ...held.map((term) => Math.floor(perMinuteOf(term) / reservedBy(term, asked))),
  )
  return {
    maxTokens,
    said: model.maxTokens !== undefined,
    meanOutput,
    enough,
    users: without,
    usersLost: without - users,
    ...(Number.isFinite(callsInFlight) ? { callsInFlight } : {}),
  }
}

function cachingOf(
  model: Model,
  { inputTokens, cachedTokens }: ModelDemand,
  users: number,
  carried: (change: Partial<Model>) => number,
): CachingEffect | undefined {
  if (model.cached === 0 || inputTokens === 0) return undefined
  const countsLess = favoursCache(model.quota!)
  const without = countsLess ? carried({ cached: 0 }) : users
  return { share: cachedTokens / inputTokens, countsLess, users: without, usersGained: users - without }
}

function depthOf(
  workload: Workload,
  model: Model,
  carried: (change: Partial<Model>) => number,
): DepthBand | undefined {
  const quota = model.quota!
  if (!('terms' in quota) || quota.written.depth !== undefined) return undefined
  const assumedMs = quotaNumbers(quota).depth
  if (assumedMs === undefined) return undefined
  const { low, high } = plausibleDepthMs
  return {
    field: `${modelPath(workload, model)}.quota.depth`,
    assumedMs,
    lowMs: low,
    lowUsers: carried({ quota: requoted(quota, { depth: low }) }),
    highMs: high,
    highUsers: carried({ quota: requoted(quota, { depth: high }) }),
  }
}

function usersOf(workload: Workload, guess: number): number {
  const demand = demandOf(workload)
  return capacitySearch((users) => objectivesOf(workload, { users }, demand), {
    most: mostUsers,
    open: false,
    guess,
    limits: workload.objectives.map(({ limit }) => limit),
  }).value
}
