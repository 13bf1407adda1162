import { Worker } from 'node:worker_threads'

/** The source runs as .ts, the package as .js. */
const entry = import.meta.url.endsWith('.ts')
  ? new URL('./provider-thread.ts', import.meta.url)
  : new URL('./provider-thread.js', import.meta.url)

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
  return new Worker(entry, {
    workerData: workload,
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
  })
}
