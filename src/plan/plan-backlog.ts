import type { BacklogPlan } from '../result/backlog-plan.ts'
import type { Capacity } from '../result/capacity.ts'
import { isQuota } from '../result/fleet/fleet-quotas.ts'
import { levelValue } from '../workload/level.ts'
import { serversOf } from '../workload/servers-of.ts'
import type { Workload } from '../workload/workload.ts'
import { hourMs } from '../workload/units.ts'
import { demandOf } from './demand.ts'
import { withoutQuotas } from './lift.ts'
import { plan } from './plan-level.ts'

/**
 * Work that waits is planned as throughput: as many sessions in work at once as the capacity says, each followed by the
 * next, until none is left. A closed load whose users do not think is that.
 */
export function planBacklog(workload: Workload, capacity: Capacity): BacklogPlan | undefined {
  const { backlog } = workload
  if (!backlog || !('users' in capacity.level)) return undefined
  const { items, withinMs } = backlog
  const neededPerHour = (items * hourMs) / withinMs
  const demand = demandOf(workload)
  const summary = plan(workload, { users: Math.max(1, capacity.runAt) }, demand)
  const sessionsPerHour = (perSecond: number): number => (perSecond * 3600) / demand.turnsPerSession
  const perHour = capacity.runAt > 0 ? sessionsPerHour(summary.turns.perSecond) : 0
  const headroom = capacity.runAt / Math.max(1, levelValue(capacity.level))
  const each = serverPerHour(workload, capacity, headroom)
  const pace = perHour > 0 ? neededPerHour / perHour / headroom : 0
  const perTurnUsd = summary.cost?.perTurnUsd
  return {
    items,
    withinMs,
    neededPerHour,
    perHour,
    inWork: capacity.runAt,
    ...(perHour > 0 ? { finishMs: (items / perHour) * hourMs } : {}),
    ...(each === undefined ? {} : { servers: Math.max(1, Math.ceil(neededPerHour / each - 1e-9)) }),
    quotas: (summary.services ?? [])
      .filter(({ name }) => isQuota(name))
      .map(({ name, utilisation, limit, unit }) => ({
        name,
        needed: utilisation * limit * pace,
        limit,
        unit,
      })),
    ...(perTurnUsd === undefined ? {} : { costUsd: perTurnUsd * demand.turnsPerSession * items }),
  }
}

/** Sessions that one server finishes in an hour with the headroom, with quota enough. */
function serverPerHour(
  workload: Workload,
  { serverAlone, runAt }: Capacity,
  headroom: number,
): number | undefined {
  if (!serverAlone || serverAlone.unbounded) return undefined
  const users = Math.max(runAt, Math.floor(serverAlone.users * headroom))
  if (users <= 0) return undefined
  const alone = withoutQuotas(workload)
  const demand = demandOf(alone)
  const perHour = (plan(alone, { users }, demand).turns.perSecond * 3600) / demand.turnsPerSession
  return perHour / serversOf(workload)
}
