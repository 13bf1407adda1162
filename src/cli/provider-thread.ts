import { parentPort, workerData } from 'node:worker_threads'
import { runProviderThread } from '../provider/workers/provider-thread.ts'
import type { ThreadWorkload } from './begin-provider-thread.ts'
import { readWorkload } from './read-workload.ts'

/** A thread of `plimsoll provider --workers`. What is wrong with the file was said before it began. */
const { file, set } = workerData as ThreadWorkload
runProviderThread(readWorkload(file, set, { note: () => {} }), parentPort!)
