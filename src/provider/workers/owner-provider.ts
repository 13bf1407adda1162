import type { Worker } from 'node:worker_threads'
import { monotonicMs } from '../../clock/now.ts'
import type { AdminReset } from '../../wire/admin-api.ts'
import type { Workload } from '../../workload/workload.ts'
import { type Playing, RunningProvider, type SharedStart } from '../running-provider.ts'
import { askThread, type Told, type ToThread } from './messages.ts'
import { sharedMemory } from './shared-state.ts'

/** Threads are asked what they saw at least so often, so that none has much to tell at once. */
const tellEveryMs = 500

/** No conversation comes to the owner. */
const nobodyElse = { tell: () => undefined, hear: () => [] }

/**
 * The thread that owns what has one queue or one table: tools, speech, carrier, faults, records and the admin API.
 * What the threads that play saw is added to its own.
 */
export class OwnerProvider extends RunningProvider {
  readonly #workload: Workload
  readonly #threads: Worker[] = []
  /** Those that were told to the threads. */
  #rules = this.faults.rules
  #agreeing: Promise<void> | undefined

  constructor(workload: Workload, playing: Playing, idPrefix: string, start: SharedStart) {
    super(workload, { ...playing, among: { idPrefix, start, others: nobodyElse } })
    this.#workload = workload
    this.#askAgain()
  }

  addThread(worker: Worker): void {
    this.#threads.push(worker)
  }

  override reset(reset: AdminReset): void {
    const start = { nowMs: monotonicMs(), memory: sharedMemory(this.#workload) }
    super.reset(reset, start)
    this.#tellAll({ kind: 'reset', reset, start })
  }

  /** Resolves when the threads have handled all that they were sent, and what they saw until now is counted here. */
  override agree(): Promise<void> {
    // The round under way may have begun before what the caller has just changed: another one follows it.
    this.#agreeing = (this.#agreeing ?? Promise.resolve()).then(() => this.#gather())
    return this.#agreeing
  }

  async closeThreads(): Promise<void> {
    await this.#agreeing
    const threads = this.#threads.splice(0)
    await Promise.all(
      threads.map(async (thread) => {
        await Promise.race([askThread(thread, { kind: 'close' }, ['closed']), exitOf(thread)])
        await thread.terminate()
      }),
    )
  }

  async #gather(): Promise<void> {
    const { rules } = this.faults
    if (rules !== this.#rules) this.#tellAll({ kind: 'faults', rules })
    this.#rules = rules
    const { epoch } = this
    const asked = this.#threads.map((thread) => askThread(thread, { kind: 'tell' }, ['told']))
    const answers = await Promise.all(asked)
    // A reset came between: what they told is of the epoch before it.
    if (this.epoch !== epoch) return
    for (const { told } of answers) this.#add(told)
  }

  #add({ tally, records, loopDelayP99Ms }: Told): void {
    this.epoch.tally.addAll(tally)
    this.epoch.tally.sawLoopDelay(loopDelayP99Ms)
    for (const record of records) this.epoch.records.add(record)
  }

  #tellAll(message: ToThread): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    for (const thread of this.#threads) thread.postMessage(message)
  }

  #askAgain(): void {
    this.after(tellEveryMs, () => void this.agree().then(() => this.#askAgain()))
  }
}

const exitOf = (thread: Worker): Promise<void> =>
  new Promise((resolve) => thread.once('exit', () => resolve()))
