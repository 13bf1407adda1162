import type { Workload } from '../../workload/workload.ts'
import { asyncLever, retriesLever, streamingLever, workersLever } from './agent-levers.ts'
import type { Change, Lever } from './lever.ts'
import { answersLever, cachingLever, engineLever, maxTokensLever, modelLever } from './model-levers.ts'
import { channelsLever, placesLever, startsLever } from './phone-levers.ts'
import { quotaTierLever, routingLever } from './quota-levers.ts'
import { callsLever, contextLever, peakLever, poolingLever } from './turn-levers.ts'

/** Every lever that the plan pulls for users who write. */
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

/** The same for calls by telephone: what carries them, and of the rest what a response and a quota are made of. */
export const callLevers: readonly Lever[] = [
  channelsLever,
  startsLever,
  placesLever,
  ...levers.filter((lever) => ![streamingLever, retriesLever, peakLever].includes(lever)),
]

/** A change, and the lever that makes it. */
export interface Pulled extends Change {
  readonly lever: Lever['name']
}

/** Every change that any of the levers makes of this workload. */
export function changesOf(workload: Workload, pulled: readonly Lever[] = levers): Pulled[] {
  return pulled.flatMap(({ name, changes }) =>
    changes(workload).map((change) => ({ ...change, lever: name })),
  )
}
