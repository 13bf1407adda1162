import { levelValue } from '../../workload/level.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Capacity } from '../capacity.ts'
import { formatCount, formatPeople, formatShare, formatUsd } from '../figure-text.ts'
import type { VerdictLine } from '../run.ts'
import type { ServiceUse, Summary } from '../summary.ts'
import { listText } from './words.ts'

const askedUsers = 10_000

/**
 * What 10,000 users need: servers at the load to run at and one spare, quota with the same headroom, dollars a month.
 * Once for 10,000 at once (the average; the file's peak comes on top), once for 10,000 registered where the file says
 * which share of them is there at once.
 */
export function forUsers(workload: Workload, main: Capacity, capacities: readonly Capacity[]): VerdictLine[] {
  if (!('users' in main.level) || main.runAt <= 0 || main.level.users <= 0) return []
  const { concurrencyRatio, peakToAverage = 1 } = workload.users.peak
  const label = `for ${formatPeople(askedUsers)}`
  const needs = (averageUsers: number): string =>
    needsOf(workload, main, capacities, averageUsers * peakToAverage)
  const peak = (averageUsers: number): string =>
    peakToAverage === 1
      ? ''
      : `, ${formatPeople(averageUsers * peakToAverage)} at the ${formatCount(peakToAverage)}× peak`
  const lines = [{ label: `${label} users`, text: `at once${peak(askedUsers)}: ${needs(askedUsers)}` }]
  if (concurrencyRatio !== undefined && concurrencyRatio > 0) {
    const atOnce = askedUsers * concurrencyRatio
    const share = `${formatShare(concurrencyRatio)} of them at once (${formatPeople(atOnce)})`
    lines.push({ label: `${label} registered`, text: `${share}${peak(atOnce)}: ${needs(atOnce)}` })
  }
  return lines
}

function needsOf(
  workload: Workload,
  main: Capacity,
  capacities: readonly Capacity[],
  peakUsers: number,
): string {
  const headroom = main.runAt / levelValue(main.level)
  const servers = serversFor(main, peakUsers, headroom) + 1
  const parts = [
    `${formatPeople(servers)} servers (one of them spare)`,
    ...quotaText(atRunLevel(main), peakUsers, headroom),
    ...moneyText(workload, [main, ...capacities], peakUsers, servers),
  ]
  return parts.join(', ')
}

/** Quota is bought apart from servers: what one carries is what it would carry with quota enough. */
function serversFor({ serverAlone, runAt }: Capacity, peakUsers: number, headroom: number): number {
  if (serverAlone?.unbounded) return 1
  const each = Math.max(runAt, (serverAlone?.users ?? 0) * headroom)
  return Math.ceil(peakUsers / each - 1e-9)
}

/** The trial that held and lies nearest to the load to run at; users below the capacity hardly differ in what they use. */
function atRunLevel({ probes, runAt, invalid }: Capacity): Summary | undefined {
  if (invalid) return undefined
  const distance = (summary: Summary): number => Math.abs(levelValue(summary.level) - runAt)
  return probes
    .filter(({ pass, level }) => pass !== false && levelValue(level) > 0)
    .map(({ summary }) => summary)
    .toSorted((a, b) => distance(a) - distance(b))[0]
}

/** Quota for the peak with the headroom that the server gets. */
function quotaText(summary: Summary | undefined, peakUsers: number, headroom: number): string[] {
  const quotas = ['tokens/min', 'requests/min'].flatMap((unit) =>
    (summary?.services ?? []).filter((service) => service.unit === unit),
  )
  if (!summary || quotas.length === 0) return []
  const of = (name: string): string => name.replace(/, (tokens|requests)$/, '')
  const needed = ({ utilisation, limit, unit }: ServiceUse): string =>
    `${formatCount((((utilisation * limit) / levelValue(summary.level)) * peakUsers) / headroom)} ${unit}`
  const names = [...new Set(quotas.map(({ name }) => of(name)))]
  return names.map((name) => {
    const amounts = quotas.filter((quota) => of(quota.name) === name).map(needed)
    return `${listText(amounts)} of ${names.length === 1 ? 'quota' : name}`
  })
}

function moneyText(
  workload: Workload,
  capacities: readonly Capacity[],
  peakUsers: number,
  servers: number,
): string[] {
  const serverUsd = workload.agent.server?.perMonthUsd
  const priced = capacities.map(atRunLevel).find((summary) => summary?.cost?.perMonthUsd !== undefined)
  const tokensUsd =
    priced && ((priced.cost!.perMonthUsd! - (serverUsd ?? 0)) / levelValue(priced.level)) * peakUsers
  if (tokensUsd !== undefined && serverUsd !== undefined)
    return [
      `${dollars(tokensUsd + servers * serverUsd)} a month (tokens ${dollars(tokensUsd)}, servers ${dollars(servers * serverUsd)})`,
    ]
  if (tokensUsd !== undefined) return [`${dollars(tokensUsd)} a month for tokens, servers not priced`]
  if (serverUsd !== undefined)
    return [`${dollars(servers * serverUsd)} a month for servers, tokens not priced`]
  return []
}

/** Three digits are what a forecast is worth. */
function dollars(usd: number): string {
  return formatUsd(Number(usd.toPrecision(3)))
}
