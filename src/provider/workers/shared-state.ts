import type { Quota } from '../../service/quota.ts'
import { sharedQuota } from '../../service/quotas/shared-quota.ts'
import { type Exclusively, sharedLock, sharedLockLength } from '../../service/shared-lock.ts'
import { quotaOf } from '../../service/token-bucket-quota.ts'
import type { Workload } from '../../workload/workload.ts'
import { CountTable, countTableLength } from '../count-table.ts'

/** The lock comes first; behind it, at a multiple of eight bytes, begin the numbers. */
const numbersFrom = 8 * Math.ceil((4 * sharedLockLength) / 8)

/** What the threads of a provider hold together in one epoch: all that decides what the model says or refuses. */
export interface SharedState {
  readonly quotas: readonly (Quota | undefined)[]
  readonly counts: CountTable
  /** Where a model has a prompt cache: the beginnings that it has read. */
  readonly beginnings: CountTable | undefined
}

/** Memory for it: empty quotas at time 0, nothing counted. */
export function sharedMemory(workload: Workload): SharedArrayBuffer {
  const numbers = quotaLengths(workload).reduce(
    (sum, length) => sum + length,
    countTableLength * tablesOf(workload),
  )
  return new SharedArrayBuffer(numbersFrom + 8 * numbers)
}

/** The state in this memory, which every thread reads alike. */
export function sharedState(workload: Workload, memory: SharedArrayBuffer): SharedState {
  const exclusively: Exclusively = sharedLock(new Int32Array(memory, 0, sharedLockLength))
  let at = numbersFrom
  const next = (length: number): Float64Array => {
    const numbers = new Float64Array(memory, at, length)
    at += 8 * length
    return numbers
  }
  const lengths = quotaLengths(workload)
  const quotas = workload.models.map((model, index) => {
    const quota = quotaOf(model, next(lengths[index]!))
    return quota && sharedQuota(quota, exclusively)
  })
  const table = (): CountTable => new CountTable(next(countTableLength), exclusively)
  return { quotas, counts: table(), beginnings: tablesOf(workload) > 1 ? table() : undefined }
}

const tablesOf = ({ models }: Workload): number => (models.some(({ promptCache }) => promptCache) ? 2 : 1)

const quotaLengths = ({ models }: Workload): number[] =>
  models.map((model) => quotaOf(model)?.stateLength ?? 0)
