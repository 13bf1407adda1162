import type { BacklogPlan } from './backlog-plan.ts'
import { formatCount, formatMs, formatPeople } from './figure-text.ts'
import { dollars } from './fleet/fleet-words.ts'
import type { VerdictLine } from './run.ts'
import { listText, toldLines } from './verdict/words.ts'

/** Work that waits, in plain sentences: the pace, what it takes, and the same as work that arrives. */
export function backlogWords(plan: BacklogPlan): VerdictLine[] {
  return toldLines([
    ['the backlog', paceText(plan)],
    ['in time with', neededText(plan)],
    ['as arrivals', `the same spread over the time is plan FILE --arrivals ${rateText(plan)}`],
  ])
}

/** Whether the file as it is gets all done in time. */
export function backlogHolds({ finishMs = Infinity, withinMs }: BacklogPlan): boolean {
  return finishMs <= withinMs * (1 + 1e-9)
}

function paceText(plan: BacklogPlan): string {
  const { items, withinMs, neededPerHour, perHour, inWork, finishMs } = plan
  const asked = `${formatPeople(items)} within ${formatMs(withinMs)} are ${formatPeople(Math.ceil(neededPerHour))} an hour`
  if (finishMs === undefined) return `${asked}; as the file is, none gets done within the objectives`
  const late = backlogHolds(plan) ? '' : `, ${formatMs(finishMs - withinMs)} late`
  return `${asked}; as the file is, ${formatPeople(Math.floor(perHour))} get done with ${formatPeople(inWork)} in work at once: all after ${formatMs(finishMs)}${late}`
}

function neededText({ servers, quotas, costUsd }: BacklogPlan): string | undefined {
  const parts = [
    ...(servers === undefined ? [] : [servers === 1 ? 'one server' : `${formatPeople(servers)} servers`]),
    ...quotas.map(
      ({ needed, limit, unit }) =>
        `${formatCount(needed)} ${unit} (the file has ${formatCount(limit)}${needed > limit ? ': too little' : ''})`,
    ),
  ]
  if (parts.length === 0) return undefined
  const cost = costUsd === undefined ? '' : `; ${dollars(costUsd)} of tokens for all of it`
  return `${listText(parts)}${cost}`
}

/** The shortest rate that the command line reads. */
function rateText({ neededPerHour }: BacklogPlan): string {
  return `${Number((neededPerHour / 3600).toPrecision(3))}/s`
}
