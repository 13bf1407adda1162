import { assumedFields } from '../result/assumed.ts'
import type { Summary } from '../result/summary.ts'
import { simulate } from '../simulate/simulate.ts'
import type { Workload } from '../workload/workload.ts'

/** A measured summary with what the file assumes of the agent beside what was seen; the simulator enacts the file. */
export function withAssumed(workload: Workload, measured: Summary): Summary {
  const { level, seed = 1, window, calls } = measured
  if (!window || !calls?.perTurn) return measured
  const expected = simulate(workload, { level, seed, ...window })
  return { ...measured, assumed: assumedFields(expected, measured) }
}
