import type { InputCount } from '../result/run.ts'
import type { Origin, Workload } from '../workload/workload.ts'

/** How many values of the file come from where. */
export function inputCount(workload: Workload): InputCount {
  const count = { given: 0, preset: 0, measured: 0, guessed: 0 }
  for (const origin of workload.origins.values()) count[origin]++
  return count
}

/** Where each input of the file comes from, by its path. */
export function originsOf({ origins }: Workload): Record<string, Origin> {
  return Object.fromEntries(origins)
}
