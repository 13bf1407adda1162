import {
  azurePtuModels,
  azurePtuZone,
  soldUnits,
  type UnitSteps,
  vertexGsuModels,
} from '../../workload/quota-units.ts'
import {
  azurePtuPrices,
  azurePtuPriceSource,
  vertexGsuPrices,
  vertexGsuPriceSource,
} from '../../workload/unit-prices.ts'
import { levelValue } from '../../workload/level.ts'
import { own } from '../../workload/quotas/terms.ts'
import type { Model, Workload } from '../../workload/workload.ts'
import type { ServiceUse, Summary } from '../summary.ts'
import type { Fleet, QuotaNeed, UnitNeed } from './fleet.ts'

type Load = Pick<Fleet, 'peakUsers' | 'peakToAverage' | 'headroom'>

const quotaName = /^(.*quota), ((?:input |output )?tokens|requests)( an hour| a day)?$/

/** Whether a service is a limit of a provider. */
export function isQuota(service: string): boolean {
  return quotaName.test(service)
}

/** Quota for the peak, with the headroom that the server gets: tokens before requests. */
export function quotasFor(workload: Workload, summary: Summary | undefined, load: Load): QuotaNeed[] {
  if (!summary) return []
  const services = (summary.services ?? []).filter(({ name }) => isQuota(name))
  const ordered = ['tokens', 'requests'].flatMap((of) => services.filter(({ unit }) => unit.includes(of)))
  const names = [...new Set(ordered.map(({ name }) => quotaName.exec(name)![1]!))]
  return names.map((name) => {
    const terms = ordered.filter((service) => quotaName.exec(service.name)![1] === name)
    const perUser = ({ utilisation, limit }: ServiceUse): number =>
      (utilisation * limit) / levelValue(summary.level)
    const needed = (term: ServiceUse): number => (perUser(term) * load.peakUsers) / load.headroom
    const units = unitsFor(modelOf(workload, name), needed(terms[0]!))
    return {
      name,
      amounts: terms.map((term) => {
        const { factor, unit } = countedIn(term)
        return { amount: needed(term) * factor, unit, limit: term.limit * factor }
      }),
      usersCarried: Math.min(
        ...terms.map((term) => (term.limit * load.headroom) / perUser(term) / load.peakToAverage),
      ),
      ...(units ? { units } : {}),
    }
  })
}

/** A limit of a day is asked for by the day, though its use is told by the minute. */
function countedIn({ name, unit }: ServiceUse): { factor: number; unit: string } {
  const [, , of, span] = quotaName.exec(name)!
  if (span === undefined) return { factor: 1, unit }
  return { factor: span === ' a day' ? 1440 : 60, unit: `${of}${span}` }
}

/** Services are named by the model's key where there are several. */
function modelOf({ models }: Workload, name: string): Model | undefined {
  return models.length === 1 ? models[0] : models.find(({ key }) => name === `${key} quota`)
}

/** Of a Global deployment by the month: the cheapest place, at the shortest commitment that is cheaper than the hour. */
function unitsFor(model: Model | undefined, tokensPerMinute: number): UnitNeed | undefined {
  const quota = model?.quota
  if (!quota || !('like' in quota) || quota.numbers.perUnit === undefined) return undefined
  const exact = tokensPerMinute / quota.numbers.perUnit
  const need = (
    kind: UnitNeed['kind'],
    steps: UnitSteps,
    monthUsd: number,
    priceSource: string,
  ): UnitNeed => {
    const sold = soldUnits(exact, steps)
    const { unitPerMonthUsd } = model
    const given = (kind === 'PTU' ? quota.numbers.ptu : quota.numbers.gsu) ?? 0
    return {
      kind,
      exact,
      sold,
      given,
      perMonthUsd: sold * (unitPerMonthUsd ?? monthUsd),
      priceSource: unitPerMonthUsd === undefined ? priceSource : 'the workload file',
    }
  }
  const { id } = quota.forModel
  if (quota.like === 'azure-ptu') {
    const steps = own(azurePtuModels, id)?.zone ?? azurePtuZone
    return need('PTU', steps, azurePtuPrices.global.monthly!, azurePtuPriceSource)
  }
  if (quota.like !== 'vertex-gsu') return undefined
  const steps = { least: own(vertexGsuModels, id)?.least ?? 1, step: 1 }
  return need('GSU', steps, vertexGsuPrices.monthly!, vertexGsuPriceSource)
}
