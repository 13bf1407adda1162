import type { EventQueue } from '../clock/event-queue.ts'
import { type EngineStation, engineStation } from '../service/engine-station.ts'
import { prefillPerOutput } from '../service/prefill-per-output.ts'
import type { Quota } from '../service/quota.ts'
import { quotaOf } from '../service/token-bucket-quota.ts'
import { termsOf } from '../workload/provider-quota.ts'
import { settlementOf } from '../workload/quota-terms.ts'
import type { Model, Workload } from '../workload/workload.ts'
import type { Window } from './meter.ts'
import { TimeAverage } from './time-average.ts'

/** A model as calls meet it: its quota, and its engine where it has one. */
export interface Endpoint {
  readonly model: Model
  /** NaN where its requests do not say. */
  readonly maxTokens: number
  readonly quota: Quota | undefined
  /** Of its quota, for those who look at it. */
  readonly quotaState: Float64Array
  /** What a call comes to at each limit of its quota. */
  readonly settlements: readonly ReturnType<typeof settlementOf>[]
  /** Its quota charges output while it is made, and stops answers midway. */
  readonly stopsLive: boolean
  readonly engine: EngineStation | undefined
  readonly inEngine: TimeAverage
  /** Bumped whenever the engine's next instant changes; older wake-ups are skipped. */
  generation: number
  wakeAtMs: number
}

/** One endpoint for each model, with nothing of its quota used. */
export function endpointsOf(clock: EventQueue, workload: Workload, window: Window): Endpoint[] {
  return workload.models.map((model, index) => {
    const quotaState = new Float64Array(quotaOf(model)?.stateLength ?? 0)
    return {
      model,
      maxTokens: model.maxTokens ?? NaN,
      quota: quotaOf(model, quotaState),
      quotaState,
      settlements: model.quota ? termsOf(model.quota).map(settlementOf) : [],
      stopsLive:
        model.quota !== undefined && termsOf(model.quota).some(({ tokens }) => tokens?.live === 'stop'),
      engine: model.engine && engineStation(model.engine, prefillPerOutput(workload, index)),
      inEngine: new TimeAverage(clock, window),
      generation: 0,
      wakeAtMs: Infinity,
    }
  })
}
