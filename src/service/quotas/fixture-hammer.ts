// For tests: what one of several threads asks of a quota that they share, and the same asked by nobody else.
import { parentPort, threadId, workerData } from 'node:worker_threads'
import type { QuotaTerm } from '../../workload/quota-terms.ts'
import type { Demand, Quota, Usage } from '../quota.ts'
import { sharedLock } from '../shared-lock.ts'
import { sharedQuota } from './shared-quota.ts'
import { termQuota } from './term-quota.ts'

export interface Hammering {
  readonly terms: readonly QuotaTerm[]
  readonly state: SharedArrayBuffer
  readonly lock: SharedArrayBuffer
  /** One counter, for the threads to begin each instant together. */
  readonly barrier: SharedArrayBuffer
  readonly threads: number
  readonly instantsMs: readonly number[]
}

const demand: Demand = { inputTokens: 60, cachedTokens: 0, maxTokens: 40 }
/** Half of what was reserved is given back, so others are refused what a moment later is there. */
const usage: Usage = { inputTokens: 40, cachedTokens: 0, outputTokens: 10 }

/** Takes all that there is at an instant; returns how many calls were granted. */
export function takeAll(quota: Quota, atMs: number): number {
  let grants = 0
  while (quota.at(atMs).admit(demand) === 0) {
    grants++
    quota.at(atMs).settle(demand, usage)
  }
  return grants
}

if (parentPort) {
  const { terms, state, lock, barrier, threads, instantsMs } = workerData as Hammering
  const quota = sharedQuota(
    termQuota(terms, 'reject', new Float64Array(state)),
    sharedLock(new Int32Array(lock)),
  )
  const come = new Int32Array(barrier)
  let met = 0
  const meet = (): void => {
    Atomics.add(come, 0, 1)
    Atomics.notify(come, 0)
    met += threads
    for (let here = 0; (here = Atomics.load(come, 0)) < met;) Atomics.wait(come, 0, here)
  }
  const grants = instantsMs.map((atMs) => {
    meet()
    // All ask once before anybody goes on: a thread that wakes late would find that another one has taken everything.
    const isGranted = quota.at(atMs).admit(demand) === 0
    meet()
    if (isGranted) quota.at(atMs).settle(demand, usage)
    const granted = isGranted ? 1 + takeAll(quota, atMs) : 0
    meet()
    return granted
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort.postMessage({ threadId, grants })
}
