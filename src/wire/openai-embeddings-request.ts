import { invalidRequest, type OpenAiError } from './openai-error.ts'
import {
  type JsonObject,
  modelName,
  optional,
  type ReadRequest,
  readRequest,
  Refusal,
  requireFew,
  string,
  wholeNumber,
  wrongType,
} from './request-fields.ts'

/** One text, as such or as the numbers of its tokens. */
export type EmbeddingInput = string | readonly number[]

export interface EmbeddingsRequest {
  readonly model: string
  readonly inputs: readonly EmbeddingInput[]
  /** They came as a list, which errors name them by. */
  readonly isList: boolean
  readonly dimensions: number
  readonly encoding: 'float' | 'base64'
}

const mostInputs = 2048
const mostDimensions = 3072

/** Reads the body of `POST /v1/embeddings`; what is wrong with it is answered, never thrown. */
export function readEmbeddingsRequest(body: string, deployment?: string): ReadRequest<EmbeddingsRequest> {
  return readRequest(body, (value) => embeddingsRequest(value, deployment))
}

function embeddingsRequest(body: JsonObject, deployment: string | undefined): EmbeddingsRequest {
  const model = modelName(body, deployment)
  const asked = optional(body, 'dimensions', wholeNumber)
  if (asked !== undefined && model.includes('text-embedding-ada-002'))
    throw new Refusal('This model does not support specifying dimensions.', null)
  const dimensions = asked ?? usualDimensions(model)
  if (dimensions > mostDimensions)
    throw new Refusal(`'dimensions' is at most ${mostDimensions}.`, 'dimensions', 'invalid_value')
  const encoding = optional(body, 'encoding_format', string) ?? 'float'
  if (encoding !== 'float' && encoding !== 'base64')
    throw new Refusal(
      "Supported values of 'encoding_format' are: float, base64.",
      'encoding_format',
      'invalid_value',
    )
  const { input } = body
  const isList = Array.isArray(input) && !isTokens(input)
  return { model, inputs: inputsOf(isList ? input : [input]), isList, dimensions, encoding }
}

/** As many as the models of these names give. */
const usualDimensions = (model: string): number => (model.endsWith('-large') ? 3072 : 1536)

function inputsOf(list: readonly unknown[]): EmbeddingInput[] {
  if (list.length === 0) throw new Refusal("'input' cannot be an empty array.", 'input', 'invalid_value')
  requireFew(list, 'input', mostInputs)
  return list.map((each, index) => {
    const param = list.length === 1 ? 'input' : `input[${index}]`
    if (typeof each !== 'string' && !isTokens(each))
      throw wrongType(param, 'a string, an array of strings or an array of token numbers', each)
    if (each.length === 0) throw new Refusal(`Invalid '${param}': input cannot be an empty string.`, null)
    return each
  })
}

/** Of each input, and of all. */
const mostTokens = 8192
const mostRequestTokens = 300_000

/** Why inputs of so many tokens are not embedded, where the model is one of OpenAI's, whose limits are known. */
export function embeddingLimitError(
  { model, isList }: EmbeddingsRequest,
  tokens: readonly number[],
): OpenAiError | undefined {
  if (!/text-embedding-(?:3-|ada-)/.test(model)) return undefined
  const long = tokens.findIndex((count) => count > mostTokens)
  if (long >= 0)
    return invalidRequest(
      isList
        ? `Invalid 'input[${long}]': maximum input length is ${mostTokens} tokens.`
        : `Invalid 'input': maximum context length is ${mostTokens} tokens.`,
    )
  if (tokens.reduce((sum, count) => sum + count, 0) <= mostRequestTokens) return undefined
  return invalidRequest(`Invalid 'input': maximum request size is ${mostRequestTokens} tokens per request.`)
}

function isTokens(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((token) => Number.isSafeInteger(token))
}
