import type { Capacity } from '../../result/capacity.ts'
import { tokensUsd } from '../../result/cost.ts'
import { levelValue } from '../../workload/level.ts'
import {
  azurePtuModels,
  type ProvisionedUnit,
  soldUnits,
  type UnitSteps,
  vertexGsuModels,
} from '../../workload/quota-units.ts'
import {
  azurePtuPrices,
  azurePtuPriceSource,
  type UnitTerm,
  vertexGsuPrices,
  vertexGsuPriceSource,
} from '../../workload/unit-prices.ts'
import type { Model, Price, Workload } from '../../workload/workload.ts'
import { demandOf } from '../demand.ts'
import type { ModelDemand } from '../inner-demand.ts'
import { withoutQuotas } from '../lift.ts'
import { plan } from '../plan-level.ts'
import { type OfferedCalls, offeredTokensPerMinute } from '../quota-sizing/offered-tokens.ts'
import { breakEven, minutesPerMonth } from './break-even.ts'

/** Pay-as-you-go against provisioned units for one model at a load, dollars a month. */
export interface UnitChoice {
  /** The model's id. */
  readonly model: string
  readonly kind: 'PTU' | 'GSU'
  readonly payAsYouGoUsd: number
  /** To buy for the peak, with the headroom. */
  readonly sold: number
  readonly terms: readonly UnitChoiceTerm[]
  readonly priceSource: string
}

/** The units of one choice, bought for one term of commitment. */
export interface UnitChoiceTerm {
  readonly term: UnitTerm
  readonly perMonthUsd: number
  /** What units must be used for, on average, to cost no more; beyond 1 no load makes them pay. */
  readonly utilisation: number
  /** Average users from which the smallest purchase pays. */
  readonly paysFromUsers?: number
  /** Average users from which units always pay. */
  readonly alwaysPaysFromUsers?: number
}

/** The choice for each model that has a list price and is sold in units; `users` are the average. */
export function unitChoices(workload: Workload, capacity: Capacity, users: number): UnitChoice[] {
  if (!('users' in capacity.level) || capacity.runAt <= 0) return []
  const { peakToAverage = 1 } = workload.users.peak
  const headroom = capacity.runAt / levelValue(capacity.level)
  const demand = demandOf(workload)
  // What users ask for: units are bought for calls that a quota would refuse, too.
  const { calls } = plan(withoutQuotas(workload), { users: capacity.runAt }, demand)
  const callsPerTurn = demand.models.reduce((sum, model) => sum + model.calls, 0)
  const turnsPerMinutePerUser = ((calls?.perSecond ?? 0) * 60) / callsPerTurn / capacity.runAt
  return workload.models.flatMap((model, i): UnitChoice[] => {
    const asked = demand.models[i]!
    const offer = offerOf(model)
    if (!offer || !model.price || asked.calls === 0) return []
    const load = {
      users,
      callsPerMinutePerUser: turnsPerMinutePerUser * asked.calls,
      peakToAverage: peakToAverage / headroom,
    }
    return [choiceOf(model.id, offer, callOf(asked, model.price), load)]
  })
}

interface Call {
  readonly perCallUsd: number
  readonly offered: OfferedCalls
}

/** The mean call of a model. */
function callOf({ calls, inputTokens, cachedTokens, outputTokens }: ModelDemand, price: Price): Call {
  const tokens = { input: inputTokens, cachedInput: cachedTokens, output: outputTokens }
  return {
    perCallUsd: tokensUsd(price, tokens) / calls,
    offered: {
      callsPerMinute: 1,
      inputTokens: inputTokens / calls,
      outputTokens: outputTokens / calls,
      cachedShare: inputTokens > 0 ? cachedTokens / inputTokens : 0,
    },
  }
}

interface Load {
  readonly users: number
  readonly callsPerMinutePerUser: number
  /** With the headroom on top. */
  readonly peakToAverage: number
}

function choiceOf(model: string, offer: Offer, { perCallUsd, offered }: Call, load: Load): UnitChoice {
  const { kind, unit, steps, prices, priceSource } = offer
  const { users, callsPerMinutePerUser, peakToAverage } = load
  const callsPerMinutePerUnit = unit.inputPerMinute / offeredTokensPerMinute(offered, unit)
  const callsPerMinute = users * callsPerMinutePerUser
  const sold = soldUnits((callsPerMinute * peakToAverage) / callsPerMinutePerUnit, steps)
  const terms = (Object.entries(prices) as [UnitTerm, number][]).map(([term, perUnitMonthUsd]) => {
    const input = { perCallUsd, perUnitMonthUsd, callsPerMinutePerUnit, steps, peakToAverage }
    const {
      utilisation,
      paysFromCallsPerMinute: pays,
      alwaysPaysFromCallsPerMinute: always,
    } = breakEven(input)
    return {
      term,
      perMonthUsd: sold * perUnitMonthUsd,
      utilisation,
      ...(pays === undefined ? {} : { paysFromUsers: pays / callsPerMinutePerUser }),
      ...(always === undefined ? {} : { alwaysPaysFromUsers: always / callsPerMinutePerUser }),
    }
  })
  return {
    model,
    kind,
    payAsYouGoUsd: callsPerMinute * minutesPerMonth * perCallUsd,
    sold,
    terms,
    priceSource,
  }
}

interface Offer {
  readonly kind: UnitChoice['kind']
  readonly unit: ProvisionedUnit
  readonly steps: UnitSteps
  readonly prices: Readonly<Partial<Record<UnitTerm, number>>>
  readonly priceSource: string
}

/** Azure's Global deployments and Vertex's global endpoint, by exact model id. */
function offerOf(model: Model): Offer | undefined {
  const listed = listedOffer(model)
  const { unitPerMonthUsd } = model
  if (!listed || unitPerMonthUsd === undefined) return listed
  return { ...listed, prices: { monthly: unitPerMonthUsd }, priceSource: 'the workload file' }
}

function listedOffer({ id }: Model): Offer | undefined {
  if (Object.hasOwn(azurePtuModels, id)) {
    const unit = azurePtuModels[id]!
    return {
      kind: 'PTU',
      unit,
      steps: unit.zone,
      prices: azurePtuPrices.global,
      priceSource: azurePtuPriceSource,
    }
  }
  if (!Object.hasOwn(vertexGsuModels, id)) return undefined
  const unit = vertexGsuModels[id]!
  const steps = { least: unit.least, step: 1 }
  return { kind: 'GSU', unit, steps, prices: vertexGsuPrices, priceSource: vertexGsuPriceSource }
}
