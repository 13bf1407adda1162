import type { Agent } from '../workload/workload.ts'
import { TimeAverage } from './time-average.ts'

/**
 * The agent's slots and event loops. A slot belongs to the worker with the fewest turns; each worker's event loop
 * does its CPU work first come first served. Without a number of workers every turn has an event loop to itself.
 */
export class Workers {
  readonly slots: number
  readonly busy: TimeAverage
  /** CPU milliseconds asked for within the window. */
  cpuMs = 0
  readonly #concurrency: number
  readonly #turns: Int32Array
  readonly #freeAtMs: Float64Array
  readonly #fromMs: number

  constructor(agent: Agent, fromMs: number, toMs: number) {
    this.slots = agent.workers * agent.concurrency
    this.busy = new TimeAverage(fromMs, toMs)
    this.#concurrency = agent.concurrency
    this.#fromMs = fromMs
    const needsCpu = agent.overhead.cpuPerCallMs > 0 || agent.overhead.cpuPerTokenMs > 0
    const eventLoops = needsCpu && agent.workers < Infinity ? agent.workers : 0
    this.#turns = new Int32Array(eventLoops)
    this.#freeAtMs = new Float64Array(eventLoops)
  }

  get hasRoom(): boolean {
    return this.busy.level < this.slots
  }

  /** Takes a slot; answers the worker, -1 where it makes no difference which. */
  take(atMs: number): number {
    this.busy.add(atMs, 1)
    let fewest = -1
    for (let worker = 0; worker < this.#turns.length; worker++) {
      if (this.#turns[worker]! >= this.#concurrency) continue
      if (fewest < 0 || this.#turns[worker]! < this.#turns[fewest]!) fewest = worker
    }
    if (fewest >= 0) this.#turns[fewest]!++
    return fewest
  }

  give(atMs: number, worker: number): void {
    this.busy.add(atMs, -1)
    if (worker >= 0) this.#turns[worker]!--
  }

  /** Puts work on a worker's event loop; answers when it is done. Work once asked for is done, also for nobody. */
  burn(atMs: number, worker: number, workMs: number): number {
    if (atMs >= this.#fromMs) this.cpuMs += workMs
    if (worker < 0) return atMs + workMs
    return (this.#freeAtMs[worker] = Math.max(atMs, this.#freeAtMs[worker]!) + workMs)
  }
}
