import type { Workload } from '../workload/workload.ts'
import type { Io } from './io.ts'

/** Says of an answer that is not measured that it knows no faults, where the file has some. */
export function noteFaults({ faults = [] }: Workload, io: Io): void {
  if (faults.length > 0)
    io.note('faults of the file are played by the provider; plan and simulate answer as if there were none')
}
