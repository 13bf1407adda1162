import type { ProbeResult } from '../result/capacity.ts'

/** Loads between which something ceases to hold: the highest that held below the lowest that did not. */
export interface Bracket {
  readonly low: number
  readonly high: number
}

/** From 0 where nothing held, to Infinity where nothing failed. */
export function bracketOf(
  trials: readonly { readonly level: number; readonly pass: ProbeResult['pass'] }[],
): Bracket {
  const high = Math.min(Infinity, ...trials.flatMap(({ level, pass }) => (pass === false ? [level] : [])))
  const held = trials.flatMap(({ level, pass }) => (pass === true && level < high ? [level] : []))
  return { low: Math.max(0, ...held), high }
}
