import type { Capacity } from '../result/capacity.ts'
import type { Workload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import { provisionForPeak, registeredUsersFor, type RuleOfThumb, ruleOfThumb } from './rule-of-thumb.ts'
import { planned } from './planned-workload.ts'

/** The rule of thumb beside the exact answer; data for a report to print. */
export interface PlanReport {
  readonly rule: RuleOfThumb
  /** Users at which every objective holds. */
  readonly exactUsers: number
  /** One sentence: why the two differ. */
  readonly why: string
  readonly registeredUsers?: number
  /** Concurrent users to provision for, were `exactUsers` the average. */
  readonly provisionForPeak: number
}

/** What `plimsoll plan` adds to a capacity: the rule of thumb and why the exact answer differs from it. */
export function planReport(written: Workload, capacity: Capacity): PlanReport {
  const workload = planned(written)
  const demand = demandOf(workload)
  const rule = ruleOfThumb(workload, demand)
  const users = 'users' in capacity.level ? capacity.level.users : 0
  const registeredUsers = registeredUsersFor(workload, users)
  return {
    rule,
    exactUsers: users,
    why: whyDifferent(workload, rule, capacity),
    ...(registeredUsers === undefined ? {} : { registeredUsers }),
    provisionForPeak: provisionForPeak(workload, users),
  }
}

const near = 0.05

/** The one reason that matters most, in a sentence. */
export function whyDifferent(workload: Workload, rule: RuleOfThumb, capacity: Capacity): string {
  const exact = 'users' in capacity.level ? capacity.level.users : 0
  const { concurrency, workers } = workload.agent
  if (rule.users === undefined)
    return 'The file sets no number of workers, so the rule of thumb has nothing to count.'
  if (capacity.unbounded)
    return `No objective was missed up to ${exact} users; the rule of thumb knows no objectives.`
  const bottleneck = capacity.bottleneck
  const slotsBind = bottleneck?.service === 'agent slots'
  const objective = capacity.brokenBy ? `"${capacity.brokenBy}"` : 'an objective'
  const ratio = exact / Math.max(1, rule.users)
  if (exact === 0)
    return `Even one user misses ${objective}: that is the time of a turn itself, not a lack of workers.`
  const holds = `A synchronous worker holds one turn, and that is what the rule of thumb counts; an asynchronous one holds ${concurrency}`
  if (concurrency > 1 && ratio > 1 + near)
    return slotsBind || !bottleneck
      ? `${holds}.`
      : `${holds}, so ${serviceWords(bottleneck.service)} binds before the workers do.`
  if (bottleneck && !slotsBind && ratio < 1 - near)
    return `The rule of thumb counts workers only; ${serviceWords(bottleneck.service)} is full before they are.`
  if (Math.abs(ratio - 1) <= near)
    return 'They agree: turns wait for workers, and the objectives break about where the workers are full.'
  if (ratio < 1)
    return `At the rule's ${rule.users} users all ${workers} workers are busy nearly all the time, and turns that come at random wait too long for ${objective}.`
  return `The rule of thumb leaves out the users whose turns wait or are being answered; ${objective} still holds with them.`
}

/** `model quota (tokens/min)`. */
function serviceWords(service: string): string {
  return service.replace(/, (tokens|requests)$/, ' ($1/min)')
}
