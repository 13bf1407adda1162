import type { Workload } from '../workload/workload.ts'
import type { TurnDemand } from './demand.ts'

/**
 * How much longer or shorter the wait for a slot is than if turns held it for an exponential time: (1 + C²) ÷ 2 with
 * the squared coefficient of variation of the holding time, after Allen and Cunneen (see `formulas/allen-cunneen`).
 * One, and so exact, for exponential turns; also where an engine decides how long calls take, since then the law of
 * the holding time is the engine's and not the file's.
 */
export function slotVariability(workload: Workload, { processingMs, scenarios }: TurnDemand): number {
  const usesEngine = scenarios.some(({ model }) => workload.models[model]!.engine !== undefined)
  if (usesEngine || !(processingMs.mean > 0)) return 1
  return (1 + processingMs.variance / processingMs.mean ** 2) / 2
}
