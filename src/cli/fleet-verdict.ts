import { type UnitChoice, type UnitChoiceTerm, unitChoices } from '../plan/money/unit-choice.ts'
import { planCapacity } from '../plan/plan.ts'
import { fleetLines } from '../report/fleet-lines.ts'
import { formatCount, formatPeople, formatShare } from '../result/figure-text.ts'
import { dollars } from '../result/fleet/fleet-words.ts'
import type { Fleet } from '../result/fleet/fleet.ts'
import type { VerdictLine } from '../result/run.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { fleetOf } from './fleet-of.ts'

interface FleetAnswer {
  readonly fleet?: Fleet
  readonly lines: readonly VerdictLine[]
}

/** What so many users need, with pay-as-you-go against provisioned units; of open load nothing can be said. */
export function fleetVerdict(workload: Workload, level: Level, headroom: number): FleetAnswer {
  if (!('users' in level)) return { lines: [] }
  const capacity = planCapacity(workload, { headroom, tell: 'shopping' })
  const fleet = fleetOf(workload, capacity, level.users)
  if (!fleet) {
    const missed = capacity.brokenBy === undefined ? 'an objective' : `"${capacity.brokenBy}"`
    return {
      lines: [{ label: '', text: `No number of servers is enough: even one user misses ${missed}.` }],
    }
  }
  const choices = unitChoices(workload, capacity, level.users)
  const lines = [
    ...fleetLines(fleet),
    ...choices.map((choice) => ({ label: `${choice.kind} or not`, text: choiceText(choice) })),
  ]
  return { fleet, lines }
}

const termWords = {
  hourly: 'by the hour',
  weekly: 'by the week',
  monthly: 'by the month',
  quarterly: 'for three months',
  yearly: 'for a year',
} as const

function choiceText({ model, kind, payAsYouGoUsd, sold, terms, priceSource }: UnitChoice): string {
  const bills = terms.map(({ term, perMonthUsd }) => `${dollars(perMonthUsd)} ${termWords[term]}`)
  return [
    `${model} a month: ${dollars(payAsYouGoUsd)} pay-as-you-go; ${formatCount(sold)} ${kind} (global) are ${bills.join(', ')}`,
    breakEvenText(kind, terms),
    `Prices: ${priceSource}.`,
  ].join('. ')
}

/** Where the cheapest commitment begins to pay. */
function breakEvenText(kind: string, terms: readonly UnitChoiceTerm[]): string {
  const cheapest = terms.reduce((one, other) => (other.utilisation < one.utilisation ? other : one))
  const { term, paysFromUsers, alwaysPaysFromUsers, utilisation } = cheapest
  if (paysFromUsers === undefined)
    return `No load makes ${kind} pay: ${termWords[term]} they must be used to ${formatShare(utilisation)} on average, more than the peak and the headroom leave`
  const always =
    alwaysPaysFromUsers === undefined
      ? ''
      : `, and at every load from ${formatPeople(Math.ceil(alwaysPaysFromUsers))}`
  return `${kind} ${termWords[term]} begin to pay at ${formatPeople(Math.ceil(paysFromUsers))} users${always}`
}
