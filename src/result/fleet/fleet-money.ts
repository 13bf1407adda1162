import { levelValue } from '../../workload/level.ts'
import type { Workload } from '../../workload/workload.ts'
import { serversPerMonthUsd } from '../cost.ts'
import type { Summary } from '../summary.ts'
import type { FleetMoney, QuotaNeed } from './fleet.ts'

/**
 * Dollars a month. The first summary with a price lends it. Calls within provisioned units are paid with the units; a
 * summary does not tell apart what each model costs, so where only some models have units the rest is left out.
 */
export function moneyFor(
  workload: Workload,
  summaries: readonly Summary[],
  quotas: readonly QuotaNeed[],
  { peakUsers, servers }: { readonly peakUsers: number; readonly servers: number },
): FleetMoney {
  const serverUsd = workload.agent.server?.perMonthUsd
  const units = quotas.flatMap((quota) => quota.units ?? [])
  const priced = summaries.find((summary) => summary.cost?.perMonthUsd !== undefined)
  const { perMonthUsd = 0, perTurnUsd, perUserHourUsd } = priced?.cost ?? {}
  const tokensUsd =
    priced && ((perMonthUsd - (serversPerMonthUsd(workload) ?? 0)) / levelValue(priced.level)) * peakUsers
  return {
    ...(tokensUsd === undefined ? {} : { [units.length === 0 ? 'tokensUsd' : 'payAsYouGoUsd']: tokensUsd }),
    ...(units.length === 0 ? {} : { unitsUsd: units.reduce((sum, unit) => sum + unit.perMonthUsd, 0) }),
    ...(perTurnUsd === undefined ? {} : { perTurnUsd }),
    ...(perUserHourUsd === undefined ? {} : { perUserHourUsd }),
    ...(serverUsd === undefined ? {} : { serversUsd: servers * serverUsd }),
  }
}
