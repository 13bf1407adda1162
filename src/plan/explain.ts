import { type Level, levelValue } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { Derivation } from '../result/derivation.ts'
import { askedUsers } from '../result/verdict/for-users.ts'
import { demandOf } from './demand.ts'
import { capacityDerivations, type Found } from './explain-capacity.ts'
import type { Solution } from './explain-figures.ts'
import { fleetDerivations, unitDerivations } from './explain-fleet.ts'
import { loadDerivations, ruleDerivation } from './explain-load.ts'
import { moneyDerivations } from './explain-money.ts'
import { quotaEffectDerivations } from './explain-quota-effects.ts'
import { serviceDerivations } from './explain-services.ts'
import { objectiveDerivations, timeDerivations, turnDerivations } from './explain-turn.ts'
import { levelSensitivity, levelSensitivityDerivations } from './level-sensitivity.ts'
import { levelUncertainty, levelUncertaintyDerivations } from './level-uncertainty.ts'
import { plan } from './plan-level.ts'
import { planned } from './planned-workload.ts'
import { solveAgent } from './solve-agent.ts'

/**
 * How each number that `plan` prints came about at a level. With a capacity: where the level is its own, also the
 * capacity and what is told of it; where it was asked for, the fleet for its users.
 */
export function explain(written: Workload, level: Level, found?: Found): Derivation[] {
  const workload = planned(written)
  const demand = demandOf(workload)
  const summary = plan(workload, level, demand)
  const solution: Solution = {
    workload,
    level,
    demand,
    summary,
    state: solveAgent(workload, demand, level),
    exact: summary.approximate === false,
  }
  const own = found !== undefined && !found.asked
  return [
    ...(own ? capacityDerivations(solution, found) : []),
    ...loadDerivations(solution),
    ...timeDerivations(solution),
    ...objectiveDerivations(solution),
    ...turnDerivations(solution),
    ...moneyDerivations(solution),
    ...serviceDerivations(solution),
    ...ruleDerivation(solution),
    ...(own
      ? []
      : [
          ...levelSensitivityDerivations(levelSensitivity(workload, level)),
          ...levelUncertaintyDerivations(levelUncertainty(workload, level)),
        ]),
    ...(own ? quotaEffectDerivations(workload, levelValue(found.capacity.level)) : []),
    ...(found ? fleets(written, level, found) : []),
  ]
}

function fleets(workload: Workload, level: Level, found: Found): Derivation[] {
  if (found.asked)
    return 'users' in level
      ? [...fleetDerivations(workload, found, level.users), ...unitDerivations(workload, found, level.users)]
      : []
  const { concurrencyRatio } = workload.users.peak
  return [
    ...fleetDerivations(workload, found, askedUsers),
    ...(concurrencyRatio ? fleetDerivations(workload, found, askedUsers * concurrencyRatio) : []),
  ]
}
