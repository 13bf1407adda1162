import { invalidRequest, type OpenAiError } from '../wire/openai-error.ts'
import type { Model } from '../workload/workload.ts'
import type { SpokenApi } from './spoken-api.ts'

/** Why a model does not take so long an input, in the words by which agents know that they have to shorten it. */
export function contextError(
  api: SpokenApi,
  { contextTokens = Infinity }: Model,
  inputTokens: number,
): OpenAiError | undefined {
  if (inputTokens <= contextTokens) return undefined
  return invalidRequest(words[api](inputTokens, contextTokens), 'messages', 'context_length_exceeded')
}

const words: Readonly<Record<SpokenApi, (inputTokens: number, most: number) => string>> = {
  openai: (inputTokens, most) =>
    `This model's maximum context length is ${most} tokens. However, your messages resulted in ${inputTokens} tokens. Please reduce the length of the messages.`,
  anthropic: (inputTokens, most) => `prompt is too long: ${inputTokens} tokens > ${most} maximum`,
  gemini: (inputTokens, most) =>
    `The input token count (${inputTokens}) exceeds the maximum number of tokens allowed (${most}).`,
  bedrock: () => 'Input is too long for requested model.',
}
