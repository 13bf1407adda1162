import type { EventLoopUtilization } from 'node:perf_hooks'
import type { Worker } from 'node:worker_threads'
import { startThread } from '../host/start-thread.ts'
import type { FromWorker, ToWorker, TurnJob, TurnResult, WorkerSettings } from './messages.ts'

export interface WorkerEvents {
  text(id: number, text: string, tokens: number): void
  end(id: number, result: TurnResult): void
  /** A worker died, or did not come up: its turns are lost, and another one takes its place. */
  died(worker: number, error: Error): void
}

/** Threads with an event loop each. */
export interface WorkerPool {
  start(worker: number, job: TurnJob): void
  cancel(worker: number, id: number): void
  /** Share of the time since the last call of this that each worker's event loop was busy. */
  utilisation(): number[]
  close(): Promise<void>
}

const entry = new URL('./edge/turn-worker.ts', import.meta.url)

/** A turn's garbage is small; V8's own choice would take several times this for each worker. */
const youngGenerationMb = 8

/** Starts `count` workers and resolves when all of them are ready. */
export async function startWorkers(
  count: number,
  settings: WorkerSettings,
  events: WorkerEvents,
): Promise<WorkerPool> {
  /** Undefined where the last one did not come up. */
  const workers: (Worker | undefined)[] = []
  const measured: (EventLoopUtilization | undefined)[] = []
  let closing = false

  /** Resolves when the worker is ready; rejects where it never is. */
  async function launch(index: number): Promise<void> {
    const worker = startThread(entry, {
      workerData: settings,
      name: `agent-worker-${index}`,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    })
    workers[index] = worker
    measured[index] = undefined
    await new Promise<void>((resolve, reject) => {
      let ready = false
      let failure = new Error('an agent worker ended')
      worker.on('message', (message: FromWorker) => {
        if (message.type !== 'worker-ready') return deliver(message, events)
        ready = true
        resolve()
      })
      worker.on('error', (error) => (failure = error as Error))
      worker.on('exit', () => {
        reject(failure)
        if (closing || !ready) return
        void relaunch(index)
        events.died(index, failure)
      })
    })
  }

  /** One that does not come up would not at once either: the next turn tries again. */
  async function relaunch(index: number): Promise<void> {
    try {
      await launch(index)
    } catch (error) {
      workers[index] = undefined
      if (!closing) events.died(index, error as Error)
    }
  }

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const post = (worker: number, message: ToWorker): void => workers[worker]?.postMessage(message)
  const close = async (): Promise<void> => {
    closing = true
    await Promise.all(workers.map(async (worker) => worker?.terminate()))
  }
  try {
    await Promise.all(Array.from({ length: count }, (_, index) => launch(index)))
  } catch (error) {
    await close()
    throw error
  }
  return {
    start(worker, job) {
      if (!workers[worker]) void relaunch(worker)
      post(worker, { type: 'turn-start', job })
    },
    cancel: (worker, id) => post(worker, { type: 'turn-cancel', id }),
    utilisation: () =>
      workers.map((worker, index) => {
        if (!worker) return 0
        const before = measured[index]
        const now = worker.performance.eventLoopUtilization()
        measured[index] = now
        return before ? worker.performance.eventLoopUtilization(now, before).utilization : now.utilization
      }),
    close,
  }
}

function deliver(message: Exclude<FromWorker, { type: 'worker-ready' }>, events: WorkerEvents): void {
  if (message.type === 'turn-end') return events.end(message.id, message.result)
  const { parts } = message
  for (let i = 0; i < parts.length; i += 3)
    events.text(parts[i] as number, parts[i + 1] as string, parts[i + 2] as number)
}
