import { markPrefix } from './turn-key.ts'

/** Other sessions that are told of one call, at most. */
const mostForeign = 8

/** The rest of a mark behind its prefix, and the most characters that it takes. */
const restOfMark = /^(\d{1,10})-(\d{1,10})\)/
const longestRest = 22

/**
 * The canaries in the texts of one call of a session: the mark at the end of each message (`textMarker`) names its
 * session and turn, so a call tells whose words it was given. `own` are turns of the session in ascending order,
 * `foreign` other sessions; undefined where there is neither. Marks of other runs are left out: another run may have had a
 * session of this name.
 */
export function canariesIn(
  texts: Iterable<string>,
  { run, session }: { readonly run: number; readonly session: number },
): { own: number[]; foreign: number[] } | undefined {
  const prefix = markPrefix(run)
  const own = new Set<number>()
  const foreign = new Set<number>()
  for (const text of texts) {
    for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + prefix.length)) {
      const [, named, turn] =
        restOfMark.exec(text.slice(at + prefix.length, at + prefix.length + longestRest)) ?? []
      if (named === undefined) continue
      if (Number(named) === session) own.add(Number(turn))
      else if (foreign.size < mostForeign) foreign.add(Number(named))
    }
  }
  if (own.size === 0 && foreign.size === 0) return undefined
  return { own: [...own].sort((a, b) => a - b), foreign: [...foreign] }
}
