/**
 * Calls that a quota lets be in flight at once where it holds input and max_tokens back until they end, as Bedrock's
 * runtime does with tokens a minute. Where requests do not say max_tokens, it is the model's maximum.
 */
export function callsInFlight(tokensPerMinute: number, inputTokens: number, maxTokens: number): number {
  return Math.floor(tokensPerMinute / (inputTokens + maxTokens))
}
