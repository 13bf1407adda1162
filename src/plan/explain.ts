import type { Capacity } from '../result/capacity.ts'
import { type Level, levelText, levelValue } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import type { Derivation } from '../result/derivation.ts'
import { input, type Solution } from './explain-figures.ts'
import { loadDerivations, ruleDerivation } from './explain-load.ts'
import { moneyDerivations } from './explain-money.ts'
import { serviceDerivations } from './explain-services.ts'
import { plan } from './plan-level.ts'
import { solveAgent } from './solve-agent.ts'

/** A capacity and the headroom that its load to run at leaves. */
export interface Found {
  readonly capacity: Capacity
  readonly headroom: number
}

/** How each number that `plan` prints came about at a level; with a capacity, also the capacity itself. */
export function explain(workload: Workload, level: Level, found?: Found): Derivation[] {
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
  return [
    ...(found ? capacityDerivations(solution, found) : []),
    ...loadDerivations(solution),
    ...moneyDerivations(solution),
    ...serviceDerivations(solution),
    ...ruleDerivation(solution),
  ]
}

function capacityDerivations(solution: Solution, { capacity, headroom }: Found): Derivation[] {
  const { workload, demand, exact } = solution
  const users = levelValue(capacity.level)
  const valuesAt = (level: Level) =>
    plan(workload, level, demand).objectives.flatMap(({ text, value }, i) =>
      input(
        `${text}, at ${levelText(level)}`,
        value,
        workload.objectives[i]!.metric === 'errors' ? 'share' : 'ms',
      ),
    )
  const searched: Derivation = {
    figure: 'users',
    formula: capacity.unbounded
      ? 'the most that was tried; every objective held'
      : 'the most users at which every objective holds, by false position (Illinois) between a load that holds and one that fails',
    inputs: [
      ...(users > 0 ? valuesAt({ users }) : []),
      ...(capacity.unbounded ? [] : valuesAt({ users: users + 1 })),
    ],
    result: users,
    unit: 'users',
    source: 'Dowell, Jarratt, A modified regula falsi method, BIT 11 (1971)',
    exact,
  }
  const runAt: Derivation = {
    figure: 'run at',
    formula: 'users × headroom, rounded down',
    inputs: [...input('users', users, 'users'), ...input('headroom', headroom, 'share')],
    result: Math.floor(users * headroom),
    unit: 'users',
    source: '--headroom',
    exact,
  }
  const { concurrencyRatio } = workload.users.peak
  if (!concurrencyRatio) return [searched, runAt]
  return [
    searched,
    runAt,
    {
      figure: 'registered users',
      formula: 'users ÷ concurrency ratio, rounded',
      inputs: [...input('users', users, 'users'), ...input('concurrency ratio', concurrencyRatio, 'share')],
      result: Math.round(users / concurrencyRatio),
      unit: 'people',
      source: 'users.peak.concurrencyRatio of the file',
      exact,
    },
  ]
}
