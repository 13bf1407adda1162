import { leavesOut } from '../plan/leaves-out.ts'
import { planBacklog } from '../plan/plan-backlog.ts'
import { planPeak } from '../plan/peak/plan-peak.ts'
import { callCapacity } from '../plan/phone/call-capacity.ts'
import { turnOfCallMs } from '../plan/phone/call-pace.ts'
import { planPhone } from '../plan/phone/plan-phone.ts'
import { levelSensitivity, levelUncertainty, planAt, planCapacity } from '../plan/plan.ts'
import { quotaEffects } from '../plan/quota-effects.ts'
import { backlogWords } from '../result/backlog-words.ts'
import { formatMs } from '../result/figure-text.ts'
import { peakWords } from '../result/peak-words.ts'
import { phoneWords } from '../result/phone-words.ts'
import { quotaWords } from '../result/quota-words.ts'
import type { VerdictLine } from '../result/run.ts'
import { atLevel } from '../result/verdict/at-level.ts'
import type { Level } from '../workload/level.ts'
import type { Phone } from '../workload/phone.ts'
import type { Workload } from '../workload/workload.ts'
import { minuteMs } from '../workload/units.ts'
import { inputCount } from './inputs.ts'
import { fleetVerdict } from './fleet-verdict.ts'
import { solvedArrivalNotes } from './open-level.ts'
import { planNotes } from './plan-notes.ts'
import type { Findings } from './run-book.ts'
import { stabilityLine } from './stability-line.ts'
import { unansweredNote } from './unanswered-note.ts'
import { verdictOf } from './verdict.ts'

/** What `plan` finds: the capacity, or the answer at a level, with the file's peaks and the calls by telephone. */
export function planFindings(workload: Workload, level: Level | undefined, headroom: number): Findings {
  const phone = planPhone(workload, headroom)
  const peak = planPeak(workload)
  const calls = phone
    ? phoneWords(phone, workload.phone!.alone ? callCapacity(workload, headroom) : undefined)
    : []
  const found = phone && workload.phone!.alone ? nothing : usersFindings(workload, level, headroom)
  return {
    ...found,
    verdict: [...found.verdict, ...(peak ? peakWords(peak) : []), ...calls],
    notes: [...found.notes, ...leavesOut(workload), ...phoneNotes(workload)],
    ...(phone ? { phone } : {}),
    ...(peak ? { peak } : {}),
  }
}

const nothing: Findings = { capacities: [], summaries: [], verdict: [], notes: [] }

function usersFindings(workload: Workload, level: Level | undefined, headroom: number): Findings {
  if (level) {
    const hangsOn = levelSensitivity(workload, level)
    const uncertainty = levelUncertainty(workload, level)
    const summary = {
      ...planAt(workload, level),
      ...(hangsOn ? { hangsOn } : {}),
      ...(uncertainty ? { uncertainty } : {}),
    }
    const { fleet, lines } = fleetVerdict(workload, level, headroom)
    return {
      capacities: [],
      summaries: [summary],
      verdict: [...lines, ...stabilityLine(summary), ...atLevel(summary, inputCount(workload))],
      notes: [...solvedArrivalNotes(workload, level), ...unansweredNote(workload, summary)],
      ...(fleet ? { fleet } : {}),
    }
  }
  const capacity = planCapacity(workload, { headroom })
  const atCapacity = planAt(workload, capacity.level)
  const backlog = planBacklog(workload, capacity)
  const effects = 'users' in capacity.level ? quotaEffects(workload, capacity.level.users) : []
  return {
    capacities: [capacity],
    summaries: [atCapacity],
    verdict: withBesides(
      verdictOf(workload, capacity, [capacity]),
      backlog ? backlogWords(backlog) : [],
      quotaWords(effects),
    ),
    notes: [...planNotes(workload, capacity), ...unansweredNote(workload, atCapacity)],
    ...(backlog ? { backlog } : {}),
    ...(effects.length > 0 ? { quotaEffects: effects } : {}),
  }
}

/** What the file asks besides stands before what other numbers of users would need, which no backlog has. */
function withBesides(
  verdict: readonly VerdictLine[],
  backlog: readonly VerdictLine[],
  quota: readonly VerdictLine[],
): VerdictLine[] {
  const isFor = ({ label }: VerdictLine): boolean => label.startsWith('for ')
  const others = backlog.length > 0 ? [] : verdict.filter(isFor)
  return [...verdict.filter((line) => !isFor(line)), ...backlog, ...quota, ...others]
}

/** Where the vendors' default limits come from, and what was left out. */
function phoneNotes(workload: Workload): string[] {
  const { phone } = workload
  if (!phone) return []
  const sources = phone.vendors.flatMap(({ like, source }) =>
    like === undefined || source === undefined ? [] : [`${like}: ${source}.`],
  )
  const left =
    'phone.turns is not written, so the model’s tokens and the agent servers for calls are not reckoned.'
  return phone.turnsPerMinute === undefined ? [...sources, left] : [...sources, ...paceNotes(workload, phone)]
}

/** Turns that take longer than the file has minutes for make calls longer than it says. */
function paceNotes(workload: Workload, phone: Phone): string[] {
  if (!phone.alone) return []
  const leftMs = minuteMs / phone.turnsPerMinute!
  const takenMs = turnOfCallMs(workload, phone)
  if (takenMs <= leftMs) return []
  return [
    `phone.turns: ${formatMs(leftMs)} for each, and one takes about ${formatMs(takenMs)} to say, to think and to hear: calls will last longer than phone.duration; simulate plays them.`,
  ]
}
