/** One part of the time from the caller's last word to the agent's first. */
export interface LatencyPart {
  readonly name: string
  readonly ms: number
}

/** The budget of a response by voice, and how its parts use it. */
export interface MouthToEar {
  readonly totalMs: number
  /** What the objective leaves; negative where it is missed. */
  readonly slackMs: number
  /** Longest first. */
  readonly parts: readonly (LatencyPart & { readonly share: number })[]
  /** Name of the longest part; the first of equals. */
  readonly dominant?: string
}

/**
 * The mouth-to-ear budget: the parts follow one another, so their means add up to the mean. Percentiles do not: the
 * sum of the p95 of every part is an upper guess of the p95 of the whole.
 */
export function mouthToEar(parts: readonly LatencyPart[], objectiveMs: number): MouthToEar {
  const totalMs = parts.reduce((sum, { ms }) => sum + ms, 0)
  const sorted = parts
    .map((part) => ({ ...part, share: totalMs > 0 ? part.ms / totalMs : 0 }))
    .sort((a, b) => b.ms - a.ms)
  const [longest] = sorted
  return {
    totalMs,
    slackMs: objectiveMs - totalMs,
    parts: sorted,
    ...(longest && { dominant: longest.name }),
  }
}

/** What one part may take when the others take what they do; negative where they alone miss the objective. */
export function latencyLeft(parts: readonly LatencyPart[], name: string, objectiveMs: number): number {
  return parts.reduce((left, part) => (part.name === name ? left : left - part.ms), objectiveMs)
}
