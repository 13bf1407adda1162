import { handOffPeople } from '../plan/hand-off-people.ts'
import type { Capacity } from '../result/capacity.ts'
import { fleetFor } from '../result/fleet/fleet-for.ts'
import type { Fleet } from '../result/fleet/fleet.ts'
import type { Workload } from '../workload/workload.ts'

/** The shopping list with the people behind the agent in it. */
export function fleetOf(workload: Workload, capacity: Capacity, users: number): Fleet | undefined {
  const fleet = fleetFor(workload, capacity, users)
  if (!fleet) return undefined
  const people = handOffPeople(workload, fleet.peakUsers, capacity.runAt)
  return people.length > 0 ? { ...fleet, people } : fleet
}
