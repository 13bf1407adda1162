import type { Capacity, ProbeResult } from '../result/capacity.ts'
import type { Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import { plan } from './plan-level.ts'

export interface PlanOptions {
  /** Share of the capacity to run at. */
  readonly headroom?: number
  /** Where the search ends; a capacity beyond it is called unbounded. */
  readonly maxUsers?: number
}

const defaultMaxUsers = 100_000

/** The most users at which every objective holds, by bisection. */
export function planCapacity(workload: Workload, options: PlanOptions = {}): Capacity {
  const { headroom = 0.75, maxUsers = defaultMaxUsers } = options
  const demand = demandOf(workload)
  const at = (users: number): Summary => plan(workload, { users }, demand)
  const users = mostUsers(at, maxUsers)
  const unbounded = users >= maxUsers
  const broken = at(users + 1)
  const brokenBy = broken.objectives.find((objective) => objective.pass === false)?.text
  const binding = broken.services?.find((service) => service.binding)
  const probes = ladder(users, unbounded).map((level) => probe(at, level))
  return {
    origin: 'solved',
    approximate: probes.some(({ summary }) => summary.approximate === true),
    level: { users },
    ...(unbounded ? { unbounded } : {}),
    runAt: Math.floor(users * headroom),
    ...(unbounded || brokenBy === undefined ? {} : { brokenBy }),
    ...(binding ? { bottleneck: { service: binding.name, limit: binding.limit, unit: binding.unit } } : {}),
    probes,
  }
}

/** The largest number of users, up to `most`, at which `at` passes; assumes that more users never help. */
export function mostUsers(at: (users: number) => Summary, most: number): number {
  const holds = (users: number): boolean => at(users).objectives.every((objective) => objective.pass === true)
  if (!holds(1)) return 0
  let low = 1
  let high = 2
  while (high < most && holds(high)) [low, high] = [high, high * 2]
  if (high >= most) {
    if (holds(most)) return most
    high = most
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}

/** Levels for the chart, below, at and past the capacity. */
function ladder(users: number, unbounded: boolean): number[] {
  const shares = [0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.15, 1.3, 1.5, 2]
  const levels = shares
    .filter((share) => share <= 1 || !unbounded)
    .map((share) => Math.max(1, Math.round(users * share)))
  return [...new Set(users > 0 ? levels : [1, 2, 5, 10, 20, 50])]
}

function probe(at: (users: number) => Summary, users: number): ProbeResult {
  const summary = at(users)
  const level: Level = { users }
  return { level, pass: summary.objectives.every((objective) => objective.pass === true), summary }
}
