import type { Derivation } from '../result/derivation.ts'
import type { HangsOn } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import { input } from './explain-figures.ts'
import { objectivesOf } from './plan-level.ts'
import { planned } from './planned-workload.ts'
import { sensitivityOf } from './sensitivity.ts'

/** What the answer at a level hangs on: the objective that is worst off there, and the inputs that move its value. */
export function levelSensitivity(written: Workload, level: Level): HangsOn | undefined {
  const workload = planned(written)
  const values = (of: Workload) => objectivesOf(of, level, demandOf(of)).map(({ value }) => value)
  const worst = worstObjective(workload, level)
  if (worst === undefined) return undefined
  const inputs = sensitivityOf(workload, (changed) => values(changed)[worst] ?? 0)
  return inputs.length > 0 ? { objective: workload.objectives[worst]!.text, inputs } : undefined
}

/** Index among the planned objectives of the one that has used up most of its limit at a level; none where all stand at 0. */
export function worstObjective(written: Workload, level: Level): number | undefined {
  const workload = planned(written)
  const now = objectivesOf(workload, level, demandOf(workload))
  const share = (i: number): number => (now[i]!.value ?? 0) / workload.objectives[i]!.limit
  const [worst] = workload.objectives.map((_, i) => i).toSorted((a, b) => share(b) - share(a))
  return worst !== undefined && share(worst) > 0 ? worst : undefined
}

/** How much each input moves the objective that is worst off. */
export function levelSensitivityDerivations(hangsOn: HangsOn | undefined): Derivation[] {
  return (hangsOn?.inputs ?? []).map(({ field, origin, elasticity }) => ({
    figure: `hangs on ${field}`,
    formula: `elasticity of the value of "${hangsOn!.objective}": ln(with 10 % more of the input ÷ with 10 % less) ÷ ln(1.1 ÷ 0.9); a tenth more multiplies it by 1.1 to that power`,
    inputs: input(`a tenth more (${origin}), by`, 1.1 ** elasticity - 1, 'share'),
    result: elasticity,
    unit: 'times',
    source: 'the file solved with the input changed',
    exact: false,
  }))
}
