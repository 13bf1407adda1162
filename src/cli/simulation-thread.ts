import { parentPort } from 'node:worker_threads'
import type { Workload } from '../workload/workload.ts'
import { simulate } from '../simulate/simulate.ts'
import { withoutRareFailures } from './rare-failures.ts'
import { readWorkload } from './read-workload.ts'
import type { SimulationAnswer, SimulationTask } from './simulation-threads.ts'

/** A thread of `simulationThreads`: reads each variant of the file once and simulates what it is told to. */
const variants = new Map<string, Workload>()

parentPort!.on('message', ({ file, set, probe, runId, isTrial }: SimulationTask) => {
  const key = JSON.stringify([file, set])
  const workload = variants.get(key) ?? readWorkload(file, set, { note: () => {} })
  variants.set(key, workload)
  const answer: SimulationAnswer = {
    summary: simulate(isTrial ? withoutRareFailures(workload, probe.measuredMs) : workload, {
      ...probe,
      ...(runId === undefined ? {} : { runId }),
    }),
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort!.postMessage(answer)
})
