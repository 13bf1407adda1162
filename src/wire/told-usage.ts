import type { ModelUsage } from './model-answer.ts'
import { type JsonObject, objectIn } from './request-fields.ts'

/** What OpenAI's `usage` tells, whose fields are `prompt_tokens` and `completion_tokens`, or `input_tokens` and `output_tokens`. */
export function openAiUsage(
  usage: JsonObject,
  input: 'prompt' | 'input',
  output: 'completion' | 'output',
  earlier: ModelUsage | undefined,
): ModelUsage {
  const details = objectIn(usage, `${input}_tokens_details`)
  const told = {
    inputTokens: count(usage[`${input}_tokens`]),
    cachedTokens: count(details?.['cached_tokens']),
    writtenTokens: count(details?.['cache_write_tokens']),
    outputTokens: count(usage[`${output}_tokens`]),
  }
  return atLeast(told, earlier)
}

/** What Anthropic's `usage` tells: its input leaves out what is read from the cache and written to it, ours is all. */
export function anthropicUsage(usage: JsonObject, earlier: ModelUsage | undefined): ModelUsage {
  const cachedTokens = count(usage['cache_read_input_tokens'])
  const writtenTokens = count(usage['cache_creation_input_tokens'])
  const told = {
    inputTokens: count(usage['input_tokens']) + cachedTokens + writtenTokens,
    cachedTokens,
    writtenTokens,
    hourlyTokens: count(objectIn(usage, 'cache_creation')?.['ephemeral_1h_input_tokens']),
    outputTokens: count(usage['output_tokens']),
  }
  return atLeast(told, earlier)
}

/** What Gemini's `usageMetadata` tells, of the whole answer so far. */
export const geminiUsage = (usage: JsonObject): ModelUsage => ({
  inputTokens: count(usage['promptTokenCount']),
  cachedTokens: count(usage['cachedContentTokenCount']),
  outputTokens: count(usage['candidatesTokenCount']) + count(usage['thoughtsTokenCount']),
})

/** A stream may tell its input at the beginning and its output at the end. */
function atLeast(told: ModelUsage, earlier: ModelUsage | undefined): ModelUsage {
  if (!earlier) return told
  const greater = (of: (usage: ModelUsage) => number): number => Math.max(of(told), of(earlier))
  return {
    inputTokens: greater(({ inputTokens }) => inputTokens),
    cachedTokens: greater(({ cachedTokens }) => cachedTokens),
    writtenTokens: greater(({ writtenTokens = 0 }) => writtenTokens),
    hourlyTokens: greater(({ hourlyTokens = 0 }) => hourlyTokens),
    outputTokens: greater(({ outputTokens }) => outputTokens),
  }
}

const count = (value: unknown): number =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : 0
