import type { Capacity } from './capacity.ts'
import { formatCount, formatMs, formatPeople, formatShare, formatUsd } from './figure-text.ts'
import { dollars } from './fleet/fleet-words.ts'
import { peopleText } from './people-words.ts'
import type { PhonePlan, PhoneVendorPlan } from './phone-plan.ts'
import type { VerdictLine } from './run.ts'
import { breaksNext } from './verdict/breaks.ts'
import { helpsMost } from './verdict/helps.ts'
import { toldLines } from './verdict/words.ts'
import { minuteMs } from '../workload/units.ts'

/**
 * Calls by telephone in plain sentences: the channels first, then whatever the chain, the ear and the people ask for.
 * What breaks next and what helps come from the `capacity`.
 */
export function phoneWords(plan: PhonePlan, capacity?: Capacity): VerdictLine[] {
  return toldLines([
    ['', channelsText(plan)],
    ['records', recordsText(plan)],
    ['the chain', chainText(plan)],
    ...plan.vendors.map((vendor): [string, string | undefined] => ['starts', startsText(vendor)]),
    ['what breaks next', capacity && breaksNext(capacity)],
    ['what helps most', capacity && helpsMost(capacity)],
    ['mouth to ear', earText(plan)],
    ['agent servers', serversText(plan)],
    ['people', plan.people && peopleText(plan.people)],
    ['price', priceText(plan)],
    ['money', moneyText(plan)],
  ])
}

/** Whether the chain carries the calls that are offered, and the answer comes in time. */
export function phoneHolds({ chain, callsPerMinute, mouthToEar }: PhonePlan): boolean {
  const carried = (chain.callsPerMinute ?? Infinity) >= callsPerMinute * (1 - 1e-9)
  return carried && (mouthToEar === undefined || mouthToEar.meanMs <= mouthToEar.withinMs)
}

function channelsText({ callsPerMinute, minutesPerCall, erlangs, target, channels }: PhonePlan): string {
  return `${formatCount(callsPerMinute)} calls/min of ${formatMs(minutesPerCall * minuteMs)} need ${channels === 1 ? 'one channel' : `${formatPeople(channels)} channels`}: then at most ${formatShare(target)} find none free (${formatCount(erlangs)} erlangs, Erlang B).`
}

function recordsText({ recorded, callsPerMinute }: PhonePlan): string | undefined {
  if (!recorded) return undefined
  const { file, calls, days, busiestAtMs, peakToAverage, afterHours, byHour, duration, handedOff } = recorded
  const busiest = new Date(busiestAtMs).toISOString().slice(0, 16).replace('T', ' ')
  const hour = byHour.indexOf(Math.max(...byHour))
  const told = [
    `${file}: ${formatPeople(calls)} calls in ${formatPeople(days)} days`,
    `the busiest half hour began ${busiest} with ${formatPeople(callsPerMinute * 30)}, ${formatCount(peakToAverage)} times the mean of all days`,
    `most come from ${hour}:00 to ${hour + 1}:00, ${formatShare(byHour[hour])} of a day`,
    `${formatShare(afterHours)} come after hours`,
    ...(duration === undefined ? [] : [`they last ${duration}`]),
    ...(handedOff === undefined ? [] : [`${formatShare(handedOff)} were handed to people`]),
  ]
  return told.join('; ')
}

function chainText({ chain, callsPerMinute, target, quotas }: PhonePlan): string | undefined {
  const { callsPerMinute: carried, binding, lostLeast, lostMost } = chain
  if (carried === undefined || binding === undefined) return undefined
  const least = `${formatCount(Number(carried.toPrecision(3)))} calls/min`
  if (carried >= callsPerMinute * (1 - 1e-9))
    return `carries it: up to ${least}, then ${binding} is the first to be full`
  const share =
    lostLeast === lostMost ? formatShare(lostMost) : `${formatShare(lostLeast)} to ${formatShare(lostMost)}`
  const who = quotas.some(({ name }) => name === binding)
    ? `the vendors alone lose ${share}`
    : `as it is written ${share} of the calls are lost`
  const lost = lostMost > target ? `; ${who}` : ''
  return `carries only ${least}: ${binding} is the first to be full${lost}`
}

function startsText({ name, starts }: PhoneVendorPlan): string | undefined {
  if (!starts) return undefined
  const { perSecond, over, utilisation, waitMs, rejected, needed } = starts
  const asked = `${name}: ${formatCount(utilisation * perSecond)} calls begin a second, ${formatCount(perSecond)} may`
  const have = `${formatCount(Math.ceil(needed))}/s`
  if (over === 'rejected')
    return `${asked}; ${formatShare(rejected)} are refused${utilisation > 0.5 || rejected > 0.001 ? `, ${have} would keep to the target` : ''}`
  if (waitMs === undefined)
    return `${asked}: the queue of calls that wait to begin grows without end; have ${have}`
  return `${asked}; they wait ${formatMs(waitMs)} to begin`
}

function earText({ mouthToEar }: PhonePlan): string | undefined {
  if (!mouthToEar) return undefined
  const { withinMs, meanMs, upperMs, parts } = mouthToEar
  const [longest] = parts
  const apart =
    meanMs <= withinMs
      ? `${formatMs(withinMs - meanMs)} under the ${formatMs(withinMs)}`
      : `${formatMs(meanMs - withinMs)} over the ${formatMs(withinMs)}`
  const most = longest ? `; most of it ${longest.name}, ${formatMs(longest.meanMs)}` : ''
  const upper = upperMs > meanMs * 1.001 ? `; ${formatMs(upperMs)} where every part is at its p95` : ''
  return `${formatMs(meanMs)} on average, ${apart}${most}${upper}`
}

function serversText({ servers, channels }: PhonePlan): string | undefined {
  if (!servers) return undefined
  const { callsEach, headroom, boundBy, brokenBy, atPeak, spare } = servers
  const limit = [boundBy, brokenBy === undefined ? undefined : `"${brokenBy}"`].filter(
    (word) => word !== undefined,
  )
  const why = limit.length > 0 ? ` (${limit.join(', ')})` : ''
  return `${formatPeople(atPeak)} for ${formatPeople(channels)} calls at once and ${spare} spare; one carries ${formatPeople(callsEach)} at ${formatShare(headroom)} of its most${why}`
}

function priceText({ money }: PhonePlan): string | undefined {
  if (!money) return undefined
  const { perMinuteUsd, perCallUsd, parts, unpriced } = money
  const each = parts.map(({ name, perMinuteUsd: usd }) => `${name} ${formatUsd(usd)}`).join(', ')
  const rest = unpriced.length > 0 ? `; ${unpriced.join(' and ')} not priced` : ''
  return `${formatUsd(perMinuteUsd)} a minute, ${formatUsd(perCallUsd)} a call (a minute: ${each})${rest}`
}

function moneyText({ money }: PhonePlan): string | undefined {
  if (!money) return undefined
  const { minutesPerMonth, perMonthUsd, parts, serversUsd } = money
  const each = [
    ...parts.map(({ name, perMonthUsd: usd }) => `${name} ${dollars(usd)}`),
    ...(serversUsd === undefined ? [] : [`servers ${dollars(serversUsd)}`]),
  ]
  return `${dollars(perMonthUsd)} a month for ${formatCount(minutesPerMonth)} minutes (${each.join(', ')})`
}
