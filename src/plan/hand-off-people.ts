import type { PeopleNeed } from '../result/people-need.ts'
import type { Workload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import { plan } from './plan-level.ts'
import { peopleNeeded } from './voice-sizing/people-needed.ts'

/**
 * People for the sessions that scenarios hand off when so many users are there, each at the pace of a user at `runAt`:
 * sessions of a scenario are its turns over the turns of one.
 */
export function handOffPeople(workload: Workload, users: number, runAt: number): PeopleNeed[] {
  if (workload.scenarios.every(({ handOff }) => handOff === undefined)) return []
  const demand = demandOf(workload)
  const turnsPerMinute = (plan(workload, { users: runAt }, demand).turns.perSecond * 60 * users) / runAt
  return workload.scenarios.flatMap(({ name, handOff }, i) => {
    if (!handOff) return []
    const { turnShare, turnsPerSession } = demand.scenarios[i]!
    return [peopleNeeded(name, (turnsPerMinute * turnShare) / turnsPerSession, handOff)]
  })
}
