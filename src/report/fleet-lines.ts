import { formatCount, formatPeople, formatShare, formatUsd } from '../result/figure-text.ts'
import { amountText, dollars, moneyText, peakText } from '../result/fleet/fleet-words.ts'
import { peopleText } from '../result/people-words.ts'
import type { Fleet, QuotaNeed } from '../result/fleet/fleet.ts'
import type { VerdictLine } from '../result/run.ts'
import { listText, toldLines } from '../result/verdict/words.ts'

/** The shopping list, a line for each thing to get and then what to watch; what is not known has no line. */
export function fleetLines(fleet: Fleet): VerdictLine[] {
  const { people = [] } = fleet
  return toldLines([
    ['', headline(fleet)],
    ['servers', servers(fleet)],
    ['workers', workers(fleet)],
    ...fleet.quotas.map((quota) => [quota.name, quotaText(quota)] as const),
    ['connections', connections(fleet)],
    ...people.map(
      (need) =>
        ['people', people.length > 1 ? `${need.from}: ${peopleText(need)}` : peopleText(need)] as const,
    ),
    ['money', money(fleet)],
    ['price', price(fleet)],
    ['stays shared', shared(fleet)],
    ['next server', next(fleet)],
  ])
}

function headline(fleet: Fleet): string {
  const { users, servers, headroom } = fleet
  return `${formatPeople(users)} users at once${peakText(fleet)}: ${formatPeople(servers.total)} servers, used to ${formatShare(headroom)} of what they carry at most.`
}

function servers({ servers: { atPeak, spare, usersEach } }: Fleet): string {
  const each =
    usersEach === undefined ? 'one met no limit of its own' : `${formatPeople(usersEach)} users each`
  return `${formatPeople(atPeak)} for the peak and ${spare} spare; ${each}`
}

function workers({ workers, servers }: Fleet): string | undefined {
  return workers === undefined
    ? undefined
    : `${formatPeople(workers)}, ${formatCount(workers / servers.total)} on each server`
}

function quotaText(quota: QuotaNeed): string {
  const { units, amounts, usersCarried } = quota
  const carried = Number.isFinite(usersCarried)
    ? `carry ${formatPeople(Math.floor(usersCarried + 1e-9))} users`
    : 'are not used'
  if (units) {
    const { kind, exact, given, perMonthUsd } = units
    const tokens = `${formatCount(amounts[0]!.amount)} weighted ${amounts[0]!.unit}`
    return `${amountText(quota)} (${Number(exact.toFixed(1))} before rounding, ${tokens}), ${dollars(perMonthUsd)} by the month; the ${formatCount(given)} ${kind} of the file ${carried}`
  }
  const limits = listText(amounts.map(({ limit, unit }) => `${formatCount(limit)} ${unit}`))
  return `${amountText(quota)}; the ${limits} of the file ${carried}`
}

function connections({ callsInFlight }: Fleet): string | undefined {
  return callsInFlight === undefined
    ? undefined
    : `${formatCount(Math.ceil(callsInFlight - 1e-9))} model calls in flight at the peak, on average`
}

function money(fleet: Fleet): string | undefined {
  const { payAsYouGoUsd } = fleet.money
  const text = moneyText(fleet)
  if (text === undefined || payAsYouGoUsd === undefined) return text
  return `${text}; pay-as-you-go the tokens would be ${dollars(payAsYouGoUsd)}`
}

function price({ money: { perTurnUsd, perUserHourUsd } }: Fleet): string | undefined {
  if (perTurnUsd === undefined) return undefined
  const hour = perUserHourUsd === undefined ? '' : `, ${formatUsd(perUserHourUsd)} a user-hour`
  return `${formatUsd(perTurnUsd)} a turn${hour}, tokens at list price`
}

/** What more servers do not bring. */
function shared({ quotas, sharedTools, alsoShared = [] }: Fleet): string | undefined {
  const tools = sharedTools.map(
    ({ name, calls, capacity }) =>
      `${name} (${formatCount(Math.ceil(calls - 1e-9))} calls at once needed, ${formatCount(capacity)} carried)`,
  )
  const things = [...quotas.map(({ name }) => name), ...tools, ...alsoShared]
  if (things.length === 0) return undefined
  return `${listText(things)}: twice the servers leave ${things.length === 1 ? 'it' : 'them'} as ${things.length === 1 ? 'it is' : 'they are'}`
}

function next({ nextServer, headroom, peakToAverage }: Fleet): string | undefined {
  if (!nextServer) return undefined
  const { users, service } = nextServer
  const on = peakToAverage === 1 ? '' : ' on average'
  const full = service === undefined ? '' : ` (${service})`
  return `from ${formatPeople(Math.floor(users + 1e-9))} users${on}, sustained: then those at work are at ${formatShare(headroom)} of what they carry${full}`
}
