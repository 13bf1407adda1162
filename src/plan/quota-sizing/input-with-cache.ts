/** Input tokens a minute that a limit carries when a share of them comes from the cache and counts less, or nothing. */
export function inputWithCache(tokensPerMinute: number, cachedShare: number, cachedWeight = 0): number {
  return tokensPerMinute / (1 - cachedShare + cachedShare * cachedWeight)
}
