import type { EmbeddingsRequest } from './openai-embeddings-request.ts'
import {
  array,
  isObject,
  type JsonObject,
  object,
  optional,
  type ReadRequest,
  readRequest,
  Refusal,
  required,
  string,
  wholeNumber,
  wrongType,
} from './request-fields.ts'

const mostDimensions = 3072
const usualDimensions = 3072
const mostTexts = 100

/** Reads the body of `embedContent`, or that of `batchEmbedContents`, whose texts are all as long as the first. */
export function readGeminiEmbeddings(
  body: string,
  path: { readonly model: string; readonly batch: boolean },
): ReadRequest<EmbeddingsRequest> {
  return readRequest(body, (value) => {
    const requests = path.batch ? required(value, 'requests', array) : [value]
    if (requests.length === 0 || requests.length > mostTexts)
      throw new Refusal(`* BatchEmbedContentsRequest.requests: at most ${mostTexts}, at least 1`, 'requests')
    const read = requests.map((each, index) => textOf(each, path.batch ? `requests[${index}].` : ''))
    return {
      model: path.model,
      inputs: read.map(({ text }) => text),
      isList: path.batch,
      dimensions: read[0]!.dimensions,
      encoding: 'float',
    }
  })
}

function textOf(request: unknown, path: string): { text: string; dimensions: number } {
  if (!isObject(request)) throw wrongType(path.slice(0, -1), 'an object', request)
  const content = required(request, 'content', object, path)
  const text = required(content, 'parts', array, `${path}content.`)
    .map((part, index) => {
      const at = `${path}content.parts[${index}]`
      if (!isObject(part)) throw wrongType(at, 'an object', part)
      return optional(part, 'text', string, `${at}.`) ?? ''
    })
    .join('')
  if (text === '') throw new Refusal(`* ${path}content: content is empty`, `${path}content`)
  const dimensions = dimensionsOf(request, path)
  if (dimensions > mostDimensions)
    throw new Refusal(`output_dimensionality is at most ${mostDimensions}`, `${path}outputDimensionality`)
  return { text, dimensions }
}

const dimensionsOf = (request: JsonObject, path: string): number =>
  optional(request, 'outputDimensionality', wholeNumber, path) ??
  optional(request, 'output_dimensionality', wholeNumber, path) ??
  usualDimensions

/** The body of the answer. */
export function geminiEmbeddings(vectors: readonly Float32Array[], batch: boolean): string {
  const embeddings = vectors.map((vector) => ({ values: Array.from(vector) }))
  return JSON.stringify(batch ? { embeddings } : { embedding: embeddings[0] })
}
