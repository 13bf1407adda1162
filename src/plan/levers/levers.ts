import type { Workload } from '../../workload/workload.ts'
import { asyncLever, retriesLever, streamingLever, workersLever } from './agent-levers.ts'
import type { Change, Lever } from './lever.ts'
import { answersLever, cachingLever, engineLever, maxTokensLever, modelLever } from './model-levers.ts'
import { quotaTierLever, routingLever } from './quota-levers.ts'
import { callsLever, contextLever, peakLever, poolingLever } from './turn-levers.ts'

/** Every lever that the plan pulls. */
export const levers: readonly Lever[] = [
  asyncLever,
  workersLever,
  callsLever,
  contextLever,
  cachingLever,
  maxTokensLever,
  answersLever,
  modelLever,
  engineLever,
  poolingLever,
  streamingLever,
  quotaTierLever,
  routingLever,
  retriesLever,
  peakLever,
]

export interface Pulled extends Change {
  readonly lever: Lever['name']
}

/** Every change that any lever makes of this workload. */
export function changesOf(workload: Workload): Pulled[] {
  return levers.flatMap(({ name, changes }) =>
    changes(workload).map((change) => ({ ...change, lever: name })),
  )
}
