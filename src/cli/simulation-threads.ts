import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { startThread } from '../host/start-thread.ts'
import type { Probe, Runner } from '../find/runner.ts'
import type { Summary } from '../result/summary.ts'
import { inlineDeeply } from '../simulate/edge/inline-deeply.ts'

const entry = new URL('./simulation-thread.ts', import.meta.url)

/** What a thread is asked: a variant of a workload file, and one run of it. */
export interface SimulationTask {
  readonly file: string
  readonly set: readonly string[]
  /** Named after the workload and the seed where absent. */
  readonly runId?: string
  /** Of a search: see `withoutRareFailures`. */
  readonly isTrial?: boolean
  readonly probe: Probe
}

export interface SimulationAnswer {
  readonly summary: Summary
}

interface Waiting {
  readonly task: SimulationTask
  readonly done: (summary: Summary) => void
  readonly failed: (reason: unknown) => void
}

/**
 * Simulations side by side, as many at once as the machine has cores: threads start when they are needed and end with
 * `close`. A run is a function of its task alone, so the answers are the same on any number of cores.
 */
export class SimulationThreads {
  readonly #most: number
  readonly #waiting: Waiting[] = []
  readonly #busy = new Map<Worker, Waiting>()
  readonly #idle: Worker[] = []

  constructor(most: number = availableParallelism()) {
    inlineDeeply()
    this.#most = most
  }

  /** Answers probes of one variant; many may be asked at once. A run in progress ends with its signal. */
  runner(file: string, set: readonly string[], of: Pick<SimulationTask, 'runId' | 'isTrial'> = {}): Runner {
    return (probe, signal) =>
      new Promise<Summary>((done, failed) => {
        signal.throwIfAborted()
        signal.addEventListener('abort', () => void this.close(signal.reason), { once: true })
        this.#waiting.push({
          task: { file, set, probe, ...of },
          done,
          failed,
        })
        this.#next()
      })
  }

  /** Ends the threads; what is not answered yet fails with `reason`. */
  async close(reason: unknown = new Error('the simulation was stopped')): Promise<void> {
    const threads = [...this.#idle.splice(0), ...this.#busy.keys()]
    const unanswered = [...this.#busy.values(), ...this.#waiting.splice(0)]
    this.#busy.clear()
    for (const { failed } of unanswered) failed(reason)
    await Promise.all(threads.map((thread) => thread.terminate()))
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#idle.pop() ?? (this.#busy.size < this.#most ? this.#begin() : undefined)
      if (!thread) return
      const task = this.#waiting.shift()!
      this.#busy.set(thread, task)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      thread.postMessage(task.task)
    }
  }

  #begin(): Worker {
    const thread = startThread(entry)
    thread.on('message', ({ summary }: SimulationAnswer) => {
      const waiting = this.#busy.get(thread)
      this.#busy.delete(thread)
      this.#idle.push(thread)
      waiting?.done(summary)
      this.#next()
    })
    thread.on('error', (error) => {
      this.#busy.get(thread)?.failed(error)
      this.#busy.delete(thread)
      this.#next()
    })
    return thread
  }
}
