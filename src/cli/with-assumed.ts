import { assumedFields } from '../result/assumed.ts'
import type { Summary } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'

/** A measured summary with what the file assumes of the agent beside what was seen; the simulator enacts the file. */
export async function withAssumed(workload: Workload, measured: Summary): Promise<Summary> {
  const { level, seed = 1, window, calls } = measured
  if (!window || !calls?.perTurn) return measured
  // Not before the users have played: it is a seventh of what the command takes to begin.
  const { simulate } = await import('../simulate/simulate.ts')
  const expected = simulate(workload, { level, seed, ...window })
  return { ...measured, assumed: assumedFields(expected, measured) }
}
