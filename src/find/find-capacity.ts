import type { Capacity } from '../result/capacity.ts'
import { CapacitySearch, type FindOptions } from './capacity-search.ts'
import type { Runner } from './runner.ts'

export type { FindOptions } from './capacity-search.ts'

/**
 * The highest level at which every objective holds: a scout brackets it, further trials go where the line through
 * all of them meets the limit. After an abort the answer is from the trials known by then; it throws if there is none.
 */
export async function findCapacity(
  runner: Runner,
  options: FindOptions,
  signal: AbortSignal,
): Promise<Capacity> {
  const search = new CapacitySearch(options)
  while (!signal.aborted && (await oneTrial(search, runner, signal)));
  if (search.trials === 0) signal.throwIfAborted()
  return search.capacity()
}

/** Runs the next trial of a search; false when there is none. */
export async function oneTrial(
  search: CapacitySearch,
  runner: Runner,
  signal: AbortSignal,
): Promise<boolean> {
  const probe = search.next()
  if (!probe) return false
  try {
    search.told(probe, await runner(probe, signal), signal.aborted)
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return true
}
