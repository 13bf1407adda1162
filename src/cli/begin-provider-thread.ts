import type { Worker } from 'node:worker_threads'
import { startThread } from '../host/start-thread.ts'

const entry = new URL('./provider-thread.ts', import.meta.url)

/** As large as that of a provider without threads (bin/plimsoll.js): three halves of 4 MB, so that pauses are short. */
const youngGenerationMb = 12

/** The workload that a thread plays: it reads the file itself, since what was read holds functions. */
export interface ThreadWorkload {
  readonly file: string
  readonly set: readonly string[]
}

/** Begins a thread that plays the models of a workload file once it is told how. */
export function beginProviderThread(file: string, set: readonly string[]): Worker {
  const workload: ThreadWorkload = { file, set }
  return startThread(entry, {
    workerData: workload,
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
  })
}
