import { formatCount, formatMs, formatPeople, formatShare } from '../result/figure-text.ts'
import type { PhoneLatency, PhonePlan, PhoneQuota, PhoneVendorPlan } from '../result/phone-plan.ts'
import type { PlanTable } from './plan-tables.ts'

/** The chain of vendors, each with what the target asks of it, and the parts of mouth to ear. */
export function phoneTables(plan: PhonePlan): PlanTable[] {
  return [...chainTable(plan), ...(plan.mouthToEar ? [earTable(plan.mouthToEar)] : [])]
}

interface Link {
  readonly cells: readonly string[]
  readonly missed: boolean
}

function chainTable({ vendors, quotas, target, callsPerMinute }: PhonePlan): PlanTable[] {
  const links = [
    ...vendors.flatMap((vendor) => [channelsLink(vendor, target), ...startsLink(vendor, target)]),
    ...quotas.map((quota) => quotaLink(quota, callsPerMinute)),
  ]
  if (links.length === 0) return []
  return [
    {
      title: 'the chain',
      lead: `What ${formatCount(callsPerMinute)} calls/min at ${formatShare(target)} need of each, what the file has, the share that it loses by itself, and the calls a minute that it carries.`,
      head: ['the chain', 'needed', 'has', 'loses', 'calls/min'],
      rows: links.map(({ cells }) => cells),
      missed: links.flatMap(({ missed }, i) => (missed ? [i] : [])),
    },
  ]
}

function channelsLink(vendor: PhoneVendorPlan, target: number): Link {
  const { name, needed, concurrent, lost, callsPerMinute, starts } = vendor
  // What its starts lose stands in a row of its own.
  const full = starts ? 1 - (1 - lost) / (1 - starts.rejected) : lost
  const carries = starts || callsPerMinute === undefined ? '' : rounded(callsPerMinute)
  return {
    cells: [
      name,
      `${formatPeople(needed)} at once`,
      concurrent === undefined ? 'no limit' : formatPeople(concurrent),
      concurrent === undefined ? '' : formatShare(Math.max(0, full)),
      carries,
    ],
    missed: full > target * (1 + 1e-9),
  }
}

function startsLink({ name, starts, callsPerMinute }: PhoneVendorPlan, target: number): Link[] {
  if (!starts) return []
  const { perSecond, over, utilisation, rejected, needed } = starts
  return [
    {
      cells: [
        `${name}, starts`,
        `${formatCount(Math.ceil(needed))}/s`,
        `${formatCount(perSecond)}/s, ${over}`,
        over === 'queued' ? '' : formatShare(rejected),
        callsPerMinute === undefined ? '' : rounded(callsPerMinute),
      ],
      missed: over === 'queued' ? utilisation >= 1 : rejected > target,
    },
  ]
}

function quotaLink({ name, unit, asked, limit, callsPerMinute }: PhoneQuota, offered: number): Link {
  return {
    cells: [name, `${formatCount(asked)} ${unit}`, formatCount(limit), '', rounded(callsPerMinute)],
    missed: callsPerMinute < offered,
  }
}

const rounded = (value: number): string => formatCount(Number(value.toPrecision(3)))

function earTable({ parts, meanMs, upperMs, withinMs }: PhoneLatency): PlanTable {
  return {
    title: 'mouth to ear',
    lead: 'From the caller’s last word to the agent’s first. Means add up; the sum of the p95 is more than the p95 of the whole.',
    head: ['mouth to ear', 'mean', 'p95', 'share'],
    rows: [
      ...parts.map(({ name, meanMs, p95Ms, share }) => [
        name,
        formatMs(meanMs),
        formatMs(p95Ms),
        formatShare(share),
      ]),
      ['together', formatMs(meanMs), `≤ ${formatMs(upperMs)}`, ''],
      ['budget', formatMs(withinMs), '', ''],
    ],
    missed: meanMs > withinMs ? [parts.length] : [],
  }
}
