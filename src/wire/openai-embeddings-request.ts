import {
  type JsonObject,
  modelName,
  optional,
  type ReadRequest,
  readRequest,
  Refusal,
  string,
  wholeNumber,
  wrongType,
} from './request-fields.ts'

/** One text, as such or as the numbers of its tokens. */
export type EmbeddingInput = string | readonly number[]

export interface EmbeddingsRequest {
  readonly model: string
  readonly inputs: readonly EmbeddingInput[]
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
  const dimensions = optional(body, 'dimensions', wholeNumber) ?? usualDimensions(model)
  if (dimensions > mostDimensions)
    throw new Refusal(`'dimensions' is at most ${mostDimensions}.`, 'dimensions', 'invalid_value')
  const encoding = optional(body, 'encoding_format', string) ?? 'float'
  if (encoding !== 'float' && encoding !== 'base64')
    throw new Refusal(
      "Supported values of 'encoding_format' are: float, base64.",
      'encoding_format',
      'invalid_value',
    )
  return { model, inputs: inputsOf(body['input']), dimensions, encoding }
}

/** As many as the models of these names give. */
const usualDimensions = (model: string): number => (model.endsWith('-large') ? 3072 : 1536)

function inputsOf(input: unknown): EmbeddingInput[] {
  const list: readonly unknown[] = Array.isArray(input) && !isTokens(input) ? input : [input]
  if (list.length === 0) throw new Refusal("'input' cannot be an empty array.", 'input', 'invalid_value')
  if (list.length > mostInputs)
    throw new Refusal(`'input' holds at most ${mostInputs} texts.`, 'input', 'invalid_value')
  return list.map((each, index) => {
    const param = list.length === 1 ? 'input' : `input[${index}]`
    if (typeof each !== 'string' && !isTokens(each))
      throw wrongType(param, 'a string, an array of strings or an array of token numbers', each)
    if (each.length === 0) throw new Refusal(`'${param}' cannot be empty.`, param, 'invalid_value')
    return each
  })
}

function isTokens(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((token) => Number.isSafeInteger(token))
}
