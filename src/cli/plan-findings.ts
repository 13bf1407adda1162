import { planPhone } from '../plan/phone/plan-phone.ts'
import { plan as solve, planCapacity } from '../plan/plan.ts'
import { phoneWords } from '../result/phone-words.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { fleetVerdict } from './fleet-verdict.ts'
import { planNotes } from './plan-notes.ts'
import type { Findings } from './run-book.ts'
import { verdictOf } from './verdict.ts'

/** What `plan` finds: the capacity, or the answer at a level, and what the calls of the file need. */
export function planFindings(workload: Workload, level: Level | undefined, headroom: number): Findings {
  const phone = planPhone(workload, headroom)
  const calls = phone ? { phone } : {}
  const words = phone ? phoneWords(phone) : []
  if (phone && workload.phone!.alone)
    return { capacities: [], summaries: [], verdict: words, notes: phoneNotes(workload), ...calls }
  if (level)
    return {
      capacities: [],
      summaries: [solve(workload, level)],
      verdict: [...fleetVerdict(workload, level, headroom), ...words],
      notes: phoneNotes(workload),
      ...calls,
    }
  const capacity = planCapacity(workload, { headroom })
  return {
    capacities: [capacity],
    summaries: [solve(workload, capacity.level)],
    verdict: [...verdictOf(workload, capacity, [capacity]), ...words],
    notes: [...planNotes(workload, capacity), ...phoneNotes(workload)],
    ...calls,
  }
}

/** Where the vendors' default limits come from, and what was left out. */
function phoneNotes({ phone }: Workload): string[] {
  if (!phone) return []
  const sources = phone.vendors.flatMap(({ like, source }) =>
    like === undefined || source === undefined ? [] : [`${like}: ${source}.`],
  )
  const turns =
    phone.turnsPerMinute === undefined
      ? [
          'phone.turns is not written, so the model’s tokens and the agent servers for calls are not reckoned.',
        ]
      : []
  return [...sources, ...turns]
}
