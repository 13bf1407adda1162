import type { EventQueue } from '../clock/event-queue.ts'
import type { Quota } from '../service/quota.ts'
import { quotaOf } from '../service/token-bucket-quota.ts'
import type { Endpoint } from './endpoint.ts'
import { events } from './events.ts'
import type { Stretch } from './gauge.ts'

/** In each stretch of the series: what a quota lets in comes back by the minute, and stretches are rarely longer. */
const looks = 20
/** Looks in step with quotas that begin anew each minute would see them all at one age. */
const goldenRatio = (Math.sqrt(5) - 1) / 2

/** A quota beside the one that calls ask: time passes there, and no rounding of it here. */
interface Copy {
  readonly of: Float64Array
  readonly state: Float64Array
  readonly quota: Quota
}

/**
 * How full the fullest quota is, stretch by stretch. Its level falls while nothing happens, so it is looked at, and not
 * counted call by call: that would cost each call more than its admission.
 */
export class QuotaWatch {
  readonly #queue: EventQueue
  readonly #copies: readonly Copy[]
  readonly #everyMs: number
  #looks = 0
  #sum = 0
  #count = 0
  #highest = 0

  constructor(queue: EventQueue, copies: readonly Copy[], stretchMs: number) {
    this.#queue = queue
    this.#copies = copies
    this.#everyMs = stretchMs / looks
    this.#plan()
  }

  /** At the instant that was planned for it, once in each part of the stretch. */
  look(): void {
    let used = 0
    for (const { of, state, quota } of this.#copies) {
      state.set(of)
      used = Math.max(used, quota.at(this.#queue.atMs).level())
    }
    this.#sum += used
    this.#count++
    this.#highest = Math.max(this.#highest, used)
    this.#plan()
  }

  /** The stretch since it was last read. */
  read(): Stretch {
    const stretch = { mean: this.#sum / this.#count, highest: this.#highest }
    this.#sum = this.#count = this.#highest = 0
    return stretch
  }

  #plan(): void {
    const within = (this.#looks * goldenRatio) % 1
    this.#queue.at((this.#looks + within) * this.#everyMs).push(events.quotaLook, 0, 0)
    this.#looks++
  }
}

/** Where no model has a quota there is nothing to look at. */
export function quotaWatch(
  endpoints: readonly Endpoint[],
  queue: EventQueue,
  stretchMs: number,
): QuotaWatch | undefined {
  const copies = endpoints.flatMap(({ model, quotaState }) => {
    const state = new Float64Array(quotaState.length)
    const quota = quotaOf(model, state)
    return quota ? [{ of: quotaState, state, quota }] : []
  })
  return copies.length > 0 ? new QuotaWatch(queue, copies, stretchMs) : undefined
}
