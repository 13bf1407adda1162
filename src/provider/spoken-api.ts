import type { IncomingMessage } from 'node:http'
import { anthropicErrorBody } from '../wire/anthropic-error.ts'
import { bedrockErrorBody, bedrockErrorType } from '../wire/bedrock-error.ts'
import { geminiErrorBody } from '../wire/gemini-error.ts'
import { type OpenAiError, openAiErrorBody } from '../wire/openai-error.ts'

export type Headers = Readonly<Record<string, string>>

export type SpokenApi = 'openai' | 'anthropic' | 'gemini' | 'bedrock'

const openAiPath =
  /^(?:\/openai)?(?:\/v1)?(?:\/deployments\/[^/]+)?\/(?:chat\/completions|responses|embeddings)\b/

/**
 * Which API a request is of, also where its path is of several or of none. A path of one goes before headers, which
 * gateways pass on from an API to another.
 */
export function apiOf({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): SpokenApi {
  if (url.startsWith('/model/')) return 'bedrock'
  if (openAiPath.test(url)) return 'openai'
  if (headers['anthropic-version'] !== undefined || /^(?:\/v1)?\/messages\b/.test(url)) return 'anthropic'
  if (headers['x-goog-api-key'] !== undefined) return 'gemini'
  if (/^\/v1(?:alpha|beta)\d?\/|:(?:streamGenerateContent|generateContent|countTokens)\b/.test(url))
    return 'gemini'
  return 'openai'
}

/** An error in the words of an API; where that says when to try again in no header, none does. */
export function errorOf(
  api: SpokenApi,
  error: OpenAiError,
  headers: Headers,
): { readonly body: string; readonly headers: Headers } {
  if (api === 'openai') return { body: openAiErrorBody(error), headers }
  if (api === 'anthropic') return { body: anthropicErrorBody(error, headers['request-id']), headers }
  const { 'retry-after': _, 'retry-after-ms': retryAfterMs, 'x-should-retry': __, ...others } = headers
  if (api === 'gemini') {
    const waitMs = retryAfterMs === undefined ? undefined : Number(retryAfterMs)
    return { body: geminiErrorBody(error, waitMs), headers: others }
  }
  const type = bedrockErrorType(error.status)
  return { body: bedrockErrorBody(error), headers: { ...others, 'x-amzn-errortype': type } }
}
