import type { Capacity } from '../result/capacity.ts'
import { CapacitySearch, type FindOptions } from './capacity-search.ts'
import { oneTrial } from './find-capacity.ts'
import type { Runner } from './runner.ts'

/** Two systems, asked the same. */
export interface Both<T> {
  readonly a: T
  readonly b: T
}

/**
 * The capacities of two systems, their trials in turn: A B, B A, A B ... (Box, Hunter & Hunter, Statistics for
 * Experimenters, 2005, §4.2). What changes on the machine meanwhile meets both alike, and whatever drifts evenly cancels.
 * Trial n of both has the same seed. Throws after an abort before each had one.
 */
export async function findBoth(
  runners: Both<Runner>,
  options: FindOptions,
  signal: AbortSignal,
): Promise<Both<Capacity>> {
  const searches = { a: new CapacitySearch(options), b: new CapacitySearch(options) }
  const run = (side: 'a' | 'b'): Promise<boolean> => oneTrial(searches[side], runners[side], signal)
  for (let more = true, block = 0; more && !signal.aborted; block++) {
    const [first, second] = block % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const)
    more = await run(first)
    if (!signal.aborted) more = (await run(second)) || more
  }
  if (searches.a.trials === 0 || searches.b.trials === 0) signal.throwIfAborted()
  return { a: searches.a.capacity(), b: searches.b.capacity() }
}
