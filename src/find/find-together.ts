import type { Capacity } from '../result/capacity.ts'
import { CapacitySearch, type FindOptions } from './capacity-search.ts'
import type { Runner } from './runner.ts'

/**
 * As `findCapacity`, for a runner that answers many trials at once: `together` of them go side by side, each where the
 * others do not look. What is found depends on that number and never on how many of them the machine runs at a time.
 */
export async function findTogether(
  runner: Runner,
  options: FindOptions,
  together: number,
  signal: AbortSignal,
): Promise<Capacity> {
  const search = new CapacitySearch(options)
  while (!signal.aborted) {
    const probes = Array.from({ length: together }, (_, ahead) => search.next({ ahead, together })).filter(
      (probe) => probe !== undefined,
    )
    if (probes.length === 0) break
    const answers = await Promise.allSettled(probes.map((probe) => runner(probe, signal)))
    for (const [i, answer] of answers.entries())
      if (answer.status === 'fulfilled') search.told(probes[i]!, answer.value, false)
      else if (!signal.aborted) throw answer.reason
  }
  if (search.trials === 0) signal.throwIfAborted()
  return search.capacity()
}
