import { monotonicMs } from '../clock/now.ts'
import { geminiEmbeddings, readGeminiEmbeddings } from '../wire/gemini-embeddings.ts'
import { embeddingsBody } from '../wire/openai-embeddings.ts'
import {
  embeddingLimitError,
  type EmbeddingsRequest,
  readEmbeddingsRequest,
} from '../wire/openai-embeddings-request.ts'
import type { OpenAiError } from '../wire/openai-error.ts'
import { tokenizerOfModel } from '../workload/tokenizer.ts'
import { embedding } from './embedding.ts'
import type { Face } from './face.ts'
import { refuseRequest, sendError, sendJson } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { openAiHeaders, rateLimitError, retryHeaders } from './rate-limit.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

/** `POST /v1/embeddings`. */
export function answerEmbeddings(face: Face, incoming: Incoming, body: string, deployment?: string): void {
  const read = readEmbeddingsRequest(body, deployment)
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else {
    const { model, encoding } = read.request
    embed(face, incoming, read.request, {
      limitError: (tokens) => embeddingLimitError(read.request, tokens),
      body: (vectors, tokens) => embeddingsBody(model, vectors, encoding, tokens),
    })
  }
}

/** `POST /v1beta/models/<model>:embedContent` and `:batchEmbedContents`. */
export function answerGeminiEmbeddings(
  face: Face,
  incoming: Incoming,
  body: string,
  path: { readonly model: string; readonly batch: boolean },
): void {
  const read = readGeminiEmbeddings(body, path)
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else embed(face, incoming, read.request, { body: (vectors) => geminiEmbeddings(vectors, path.batch) })
}

/** How an API says what is embedded. */
interface Embedding {
  /** Why inputs of so many tokens are not. */
  readonly limitError?: (tokens: readonly number[]) => OpenAiError | undefined
  readonly body: (vectors: readonly Float32Array[], inputTokens: number) => string
}

/**
 * An embedding is no step of a turn, so it is answered at once and not recorded. The quota of the model holds, where the
 * workload has a model of that name.
 */
function embed(
  face: Face,
  incoming: Incoming,
  { model, inputs, dimensions }: EmbeddingsRequest,
  { limitError, body }: Embedding,
): void {
  const { response } = incoming
  const { models, time, tokenizers } = face.epoch
  const served = models.find(({ model: { id, key } }) => id === model || key === model)
  const tokens = tokensOf(inputs, served?.tokenizer ?? tokenizers.of(tokenizerOfModel(model)))
  const tooLong = limitError?.(tokens)
  if (tooLong) {
    refuseRequest(face, incoming, tooLong)
    return
  }
  const inputTokens = tokens.reduce((sum, count) => sum + count, 0)
  const quota = served?.quota
  const demand = { inputTokens, cachedTokens: 0, maxTokens: 0 }
  const admittedAtMs = time.toWorkload(monotonicMs())
  const waitMs = quota?.at(admittedAtMs).admit(demand) ?? 0
  if (quota && waitMs === 0)
    quota.at(admittedAtMs).settle(demand, { ...demand, outputTokens: 0, admittedAtMs })
  const left = quota?.at(admittedAtMs).status() ?? []
  const headers = openAiHeaders(`req_${face.nextId()}`, left, time.speed)
  if (waitMs > 0) {
    const error = rateLimitError({ model, demand, status: left, waitMs, speed: time.speed })
    sendError(response, error, { ...headers, ...retryHeaders(waitMs, time.speed) })
    return
  }
  const vectors = inputs.map((input) => embedding(input, dimensions))
  sendJson(response, 200, body(vectors, inputTokens), headers)
}

function tokensOf(inputs: EmbeddingsRequest['inputs'], tokenizer: Tokenizer): readonly number[] {
  return inputs.map((input) => (typeof input === 'string' ? tokenizer.count(input) : input.length))
}
