import type { Workload } from '../../workload/workload.ts'
import type { Capacity } from '../capacity.ts'
import { formatPeople, formatShare } from '../figure-text.ts'
import { fleetFor } from '../fleet/fleet-for.ts'
import { amountText, moneyText, peakText } from '../fleet/fleet-words.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { VerdictLine } from '../run.ts'

/** What a fleet is reckoned for where nobody says for how many. */
export const askedUsers = 10_000

/**
 * What 10,000 users need, in a sentence drawn from the shopping list. Once for 10,000 at once (the average; the file's
 * peak comes on top), once for 10,000 registered where the file says which share of them is there at once.
 */
export function forUsers(workload: Workload, main: Capacity, capacities: readonly Capacity[]): VerdictLine[] {
  const { concurrencyRatio } = workload.users.peak
  const label = `for ${formatPeople(askedUsers)}`
  const atOnce = fleetFor(workload, main, askedUsers, capacities)
  if (!atOnce) return []
  const lines = [{ label: `${label} users`, text: `at once${needsText(atOnce)}` }]
  const registered =
    concurrencyRatio === undefined || concurrencyRatio <= 0
      ? undefined
      : fleetFor(workload, main, askedUsers * concurrencyRatio, capacities)
  if (registered) {
    const share = `${formatShare(concurrencyRatio)} of them at once (${formatPeople(registered.users)})`
    lines.push({ label: `${label} registered`, text: `${share}${needsText(registered)}` })
  }
  return lines
}

/** `, 20,000 at the 2× peak: 183 servers (one of them spare), 80.2M tokens/min of quota, $204,000 a month`. */
function needsText(fleet: Fleet): string {
  const { servers, quotas } = fleet
  const money = moneyText(fleet)
  const parts = [
    `${formatPeople(servers.total)} servers (one of them spare)`,
    ...quotas.map((quota) => `${amountText(quota)} of ${quotas.length === 1 ? 'quota' : quota.name}`),
    ...(money === undefined ? [] : [money]),
  ]
  return `${peakText(fleet)}: ${parts.join(', ')}`
}
