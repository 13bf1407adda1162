import type { ProbeResult } from '../result/capacity.ts'

/** Loads between which something ceases to hold: the highest that held below the lowest that did not. */
export interface Bracket {
  readonly low: number
  readonly high: number
}

/**
 * From 0 where nothing held, to Infinity where nothing failed. Of several trials at one load most decide; as many
 * each way decide nothing.
 */
export function bracketOf(
  trials: readonly { readonly level: number; readonly pass: ProbeResult['pass'] }[],
): Bracket {
  const votes = new Map<number, number>()
  for (const { level, pass } of trials)
    if (pass !== 'undecided') votes.set(level, (votes.get(level) ?? 0) + (pass ? 1 : -1))
  const levels = [...votes]
  const high = Math.min(Infinity, ...levels.flatMap(([level, vote]) => (vote < 0 ? [level] : [])))
  const held = levels.flatMap(([level, vote]) => (vote > 0 && level < high ? [level] : []))
  return { low: Math.max(0, ...held), high }
}

/** The same of the trials whose intervals lie wholly on one side of the limit. */
export function doubtless(
  trials: readonly {
    readonly level: number
    readonly pass: ProbeResult['pass']
    readonly decisive: boolean
  }[],
): Bracket {
  return bracketOf(trials.filter(({ decisive }) => decisive))
}
