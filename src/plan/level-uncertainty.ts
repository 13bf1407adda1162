import type { Derivation } from '../result/derivation.ts'
import type { LevelUncertainty } from '../result/uncertainty.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import { input } from './explain-figures.ts'
import { worstObjective } from './level-sensitivity.ts'
import { planned } from './planned-workload.ts'
import type { SolvedMetricName } from '../workload/metrics.ts'
import { plan } from './plan-level.ts'
import { uncertaintyOf } from './uncertainty.ts'

/**
 * The answer at a level over the ranges of the file: where the objective that is worst off may lie, in how many draws
 * every objective holds, and the price of a turn. Nothing without ranges, or without objectives.
 */
export function levelUncertainty(workload: Workload, level: Level): LevelUncertainty | undefined {
  const worst = worstObjective(workload, level)
  if (!workload.ranges || worst === undefined) return undefined
  const { text, metric } = planned(workload).objectives[worst]!
  const found = uncertaintyOf(workload.ranges, workload.origins, (drawn) => {
    const { objectives, cost } = plan(planned(drawn), level, demandOf(drawn))
    // What is told apart by draws here is whether all objectives hold; a capacity asks whether it met no limit.
    return {
      level: objectives[worst]!.value ?? 0,
      unbounded: objectives.every(({ pass }) => pass === true),
      perTurnUsd: cost?.perTurnUsd,
    }
  })
  const { level: value, unbounded: holds, inputs, perTurnUsd, method, draws, impossible, covers } = found
  return {
    method,
    draws,
    impossible,
    covers,
    objective: text,
    metric: metric as SolvedMetricName,
    value,
    holds,
    ...(perTurnUsd ? { perTurnUsd } : {}),
    inputs: inputs.map(({ levelAtLow, levelAtHigh, ...range }) => ({
      ...range,
      valueAtLow: levelAtLow,
      valueAtHigh: levelAtHigh,
    })),
  }
}

/** How far the ranges spread the worst objective, and the price of a turn. */
export function levelUncertaintyDerivations(found: LevelUncertainty | undefined): Derivation[] {
  if (!found) return []
  const { objective, metric, value, holds, draws, impossible, inputs, perTurnUsd, method } = found
  const unit = metric === 'errors' ? 'share' : 'ms'
  const common = { source: `${method} over the ranges of the file, each draw solved`, exact: false }
  const made = [
    ...input('draws', draws, 'draws'),
    ...input('draws that go together', draws - impossible, 'draws'),
  ]
  return [
    {
      ...common,
      figure: `range of "${objective}"`,
      formula:
        'what 1 draw in 20 lies below, and 1 in 20 above; the corners are where every range suits it most and least',
      inputs: [
        ...made,
        ...input('impossible', impossible, 'draws'),
        ...input('ranges', inputs.length, 'ranges'),
        ...input('low', value.low, unit),
        ...input('least', value.least, unit),
        ...input('most', value.most, unit),
        ...inputs.flatMap(({ path, valueAtLow, valueAtHigh }) => [
          ...input(`${path} at its low end`, valueAtLow, unit),
          ...input(`${path} at its high end`, valueAtHigh, unit),
        ]),
      ],
      result: value.high,
      unit,
    },
    {
      ...common,
      figure: 'draws in which all objectives hold',
      formula: 'counted',
      inputs: made,
      result: holds,
      unit: 'draws',
    },
    ...(perTurnUsd
      ? [
          {
            ...common,
            figure: 'range of cost/turn',
            formula: 'what 1 draw in 20 lies below, and 1 in 20 above',
            inputs: [
              ...input('low', perTurnUsd.low, 'USD'),
              ...input('least', perTurnUsd.least, 'USD'),
              ...input('most', perTurnUsd.most, 'USD'),
            ],
            result: perTurnUsd.high,
            unit: 'USD',
          },
        ]
      : []),
  ]
}
