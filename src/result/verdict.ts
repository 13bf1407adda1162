import type { Workload } from '../workload/workload.ts'
import type { Capacity } from './capacity.ts'
import type { InputCount, VerdictLine } from './run.ts'

export interface VerdictInput {
  readonly workload: Workload
  readonly capacity: Capacity
  readonly capacities: readonly Capacity[]
  readonly inputs: InputCount
}

export function verdict({ workload, capacity }: VerdictInput): VerdictLine[] {
  return [{ label: '', text: `Run ${workload.name} at ${capacity.runAt}` }]
}
