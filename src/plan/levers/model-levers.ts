import { formatCount } from '../../result/figure-text.ts'
import { favoursCache, reservedUnsaid } from '../../workload/provider-quota.ts'
import type { Engine, Model, Workload } from '../../workload/workload.ts'
import { scaledBy, withModel, withScenarios } from '../changed-workload.ts'
import { countText, modelPath } from '../file-words.ts'
import { type Change, type Lever, shareText } from './lever.ts'

/** A lever that is pulled for each model by itself. */
export function perModel(
  name: Lever['name'],
  changes: (workload: Workload, model: Model, index: number, path: string) => readonly Change[],
): Lever {
  return {
    name,
    changes: (workload) =>
      workload.models.flatMap((model, index) => changes(workload, model, index, modelPath(workload, model))),
  }
}

/** Less held back for answers that turn out shorter. */
export const maxTokensLever = perModel('max_tokens', (workload, model, index, path) => {
  const { quota, maxTokens } = model
  if (maxTokens !== undefined) {
    const to = Math.round(maxTokens / 2)
    if (maxTokens <= 1) return []
    return [
      {
        text: `halve max_tokens to ${to}`,
        change: { field: `${path}.maxTokens`, from: countText(maxTokens), to: countText(to) },
        workload: withModel(workload, index, { maxTokens: to }),
        fixedUsd: 0,
      },
    ]
  }
  const unsaid = quota ? reservedUnsaid(quota) : 0
  const longest = Math.max(1, Math.ceil(model.output.quantile(0.999)))
  if (unsaid <= longest) return []
  return [
    {
      text: `say max_tokens ${longest}, since the quota reserves ${countText(unsaid)} where it is unsaid`,
      change: { field: `${path}.maxTokens`, from: 'unsaid', to: countText(longest) },
      workload: withModel(workload, index, { maxTokens: longest }),
      fixedUsd: 0,
    },
  ]
})

const mostCached = 0.95

/** Where the cache makes input lighter: at the quota, at the engine or on the bill. */
export const cachingLever = perModel('caching', (workload, model, index, path) => {
  const { engine, quota, cached, price } = model
  const isCheaper = price !== undefined && price.cachedPerMillionUsd < price.inputPerMillionUsd
  if (cached >= 0.9 || !(engine || (quota && favoursCache(quota)) || isCheaper)) return []
  const to = Math.min(mostCached, cached + 0.3)
  return [
    {
      text: `serve ${Math.round(to * 100)} % of the input from the prompt cache`,
      change: { field: `${path}.cached`, from: shareText(cached), to: shareText(to) },
      workload: withModel(workload, index, { cached: to }),
      fixedUsd: 0,
    },
  ]
})

/** More room in a self-hosted engine: slots, and KV cache for what runs in them. */
export const engineLever = perModel('engine', (workload, { engine }, index, path) => {
  if (!engine) return []
  return [...moreSlots(workload, engine, index, path), ...moreCache(workload, engine, index, path)]
})

function moreSlots(workload: Workload, engine: Engine, index: number, path: string): Change[] {
  if (!Number.isFinite(engine.slots)) return []
  const slots = engine.slots * 2
  return [
    {
      text: `let the engine run ${slots} calls at once`,
      change: { field: `${path}.engine.slots`, from: countText(engine.slots), to: countText(slots) },
      workload: withModel(workload, index, { engine: { ...engine, slots } }),
    },
  ]
}

function moreCache(workload: Workload, engine: Engine, index: number, path: string): Change[] {
  if (engine.kvTokens === undefined) return []
  const kvTokens = engine.kvTokens * 2
  return [
    {
      text: `give the engine a KV cache of ${formatCount(kvTokens)} tokens`,
      change: { field: `${path}.engine.kv`, from: countText(engine.kvTokens), to: countText(kvTokens) },
      workload: withModel(workload, index, { engine: { ...engine, kvTokens } }),
    },
  ]
}

/** What a faster model costs is another matter. */
export const modelLever = perModel('model', (workload, model, index, path) => {
  if (model.engine || model.ttft.mean + model.perToken.mean === 0) return []
  const ttft = scaledBy(model.ttft, 0.75)
  const perToken = scaledBy(model.perToken, 0.75)
  const field = model.perToken.mean * model.output.mean > model.ttft.mean ? 'perToken' : 'ttft'
  return [
    {
      text: 'use a model that answers 25 % faster',
      change: {
        field: `${path}.${field}`,
        from: String(model[field]),
        to: String(field === 'ttft' ? ttft : perToken),
      },
      workload: withModel(workload, index, { ttft, perToken }),
    },
  ]
})

/** Shorter answers: fewer output tokens to wait for and to pay. */
export const answersLever = perModel('answers', (workload, model, index, path) => {
  if (model.output.mean <= 1) return []
  const output = scaledBy(model.output, 0.75)
  const shorter = withScenarios(workload, (scenario) =>
    scenario.model === index ? { ...scenario, output: scaledBy(scenario.output, 0.75) } : scenario,
  )
  return [
    {
      text: 'ask for answers a quarter shorter',
      change: { field: `${path}.output`, from: String(model.output), to: String(output) },
      workload: withModel(shorter, index, { output }),
      fixedUsd: 0,
    },
  ]
})
