import { quotaLimits, requoted } from '../../workload/provider-quota.ts'
import type { QuotaNumbers } from '../../workload/quota-presets.ts'
import { azurePtuPrices, vertexGsuPrices } from '../../workload/unit-prices.ts'
import type { Model, ModelQuota, Workload } from '../../workload/workload.ts'
import { withModel, withScenarios } from '../changed-workload.ts'
import { countText, modelPath } from '../file-words.ts'
import type { Change, Lever } from './lever.ts'
import { perModel } from './model-levers.ts'

type Limit = ReturnType<typeof quotaLimits>[number]

/** Twice of each limit by itself, as a higher tier of the account gives or more units do. */
export const quotaTierLever = perModel('quota tier', (workload, model, index, path) => {
  const { quota } = model
  if (!quota) return []
  return quotaLimits(quota).map((limit): Change => {
    const { key, amount, unit } = limit
    const fixedUsd = unitsUsd(limit)
    return {
      text: `raise the quota to ${countText(amount * 2)} ${unit}`,
      change: { field: `${path}.quota.${key}`, from: countText(amount), to: countText(amount * 2) },
      workload: withModel(workload, index, { quota: doubled(quota, [limit]) }),
      ...(fixedUsd === undefined ? {} : { fixedUsd }),
    }
  })
})

function doubled(quota: ModelQuota, limits: readonly Limit[]): ModelQuota {
  const change = Object.fromEntries(limits.map(({ key, amount }) => [key, amount * 2])) as QuotaNumbers
  return requoted(quota, change)
}

/** As much again of what is sold in units, by the month; limits of accounts cost nothing but the tokens. */
function unitsUsd({ key, amount }: Limit): number | undefined {
  if (key === 'ptu') return amount * azurePtuPrices.global.monthly!
  if (key === 'gsu') return amount * vertexGsuPrices.monthly!
  return key === 'slots' ? undefined : 0
}

/** Calls split over two deployments of the model, or a scenario that asks another model of the file. */
export const routingLever: Lever = {
  name: 'routing',
  changes: (workload) => [...secondDeployments(workload), ...otherModels(workload)],
}

function secondDeployments(workload: Workload): Change[] {
  return workload.models.flatMap((model, index): Change[] => {
    const limits = model.quota ? quotaLimits(model.quota) : []
    if (!model.quota || limits.length === 0) return []
    const list = (factor: number): string =>
      limits.map(({ amount, unit }) => `${countText(amount * factor)} ${unit}`).join(', ')
    const fixed = limits.map(unitsUsd)
    const fixedUsd = fixed.every((usd) => usd !== undefined)
      ? fixed.reduce((sum, usd) => sum + usd, 0)
      : undefined
    const of = workload.models.length === 1 ? '' : ` of ${model.key}`
    return [
      {
        text: `route the calls${of} over two providers or regions, each with this quota`,
        change: { field: `${modelPath(workload, model)}.quota`, from: list(1), to: list(2) },
        workload: withModel(workload, index, { quota: doubled(model.quota, limits) }),
        ...(fixedUsd === undefined ? {} : { fixedUsd }),
      },
    ]
  })
}

/** Scenarios that are tried on other models; more would be a table of its own. */
const mostRoutes = 6

function otherModels(workload: Workload): Change[] {
  const { models, scenarios } = workload
  const usable = (model: Model): boolean =>
    model.ttft.mean + model.perToken.mean > 0 || model.engine !== undefined
  return scenarios
    .flatMap((scenario) =>
      models.flatMap((model, index): Change[] => {
        if (index === scenario.model || scenario.routes || !usable(model)) return []
        return [
          {
            text: `let ${model.key} answer ${scenario.name}`,
            change: {
              field: `scenarios.${scenario.name}.model`,
              from: models[scenario.model]!.key,
              to: model.key,
            },
            workload: withScenarios(workload, (each) =>
              each === scenario ? { ...each, model: index } : each,
            ),
            fixedUsd: 0,
          },
        ]
      }),
    )
    .slice(0, mostRoutes)
}
