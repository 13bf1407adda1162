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
  const now = values(workload)
  const share = (i: number): number => (now[i] ?? 0) / workload.objectives[i]!.limit
  const [worst] = workload.objectives.map((_, i) => i).toSorted((a, b) => share(b) - share(a))
  if (worst === undefined || !(share(worst) > 0)) return undefined
  const inputs = sensitivityOf(workload, (changed) => values(changed)[worst] ?? 0)
  return inputs.length > 0 ? { objective: workload.objectives[worst]!.text, inputs } : undefined
}

/** How much each input moves the objective that is worst off. */
export function levelSensitivityDerivations(hangsOn: HangsOn | undefined): Derivation[] {
  return (hangsOn?.inputs ?? []).map(({ field, origin, elasticity }) => ({
    figure: `hangs on ${field}`,
    formula: `elasticity of the value of "${hangsOn!.objective}": ln(with 10 % more of the input ÷ with 10 % less) ÷ ln(1.1 ÷ 0.9); a tenth more moves it by a tenth of that`,
    inputs: input(`a tenth more (${origin})`, elasticity / 10, 'share'),
    result: elasticity,
    unit: 'times',
    source: 'the file solved with the input changed',
    exact: false,
  }))
}
