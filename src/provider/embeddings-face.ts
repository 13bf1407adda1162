import { monotonicMs } from '../clock/now.ts'
import { embeddingsBody } from '../wire/openai-embeddings.ts'
import { type EmbeddingsRequest, readEmbeddingsRequest } from '../wire/openai-embeddings-request.ts'
import { embedding } from './embedding.ts'
import type { Face } from './face.ts'
import { sendError, sendJson } from './http-answer.ts'
import { type Incoming, inputTokensOf } from './played-call.ts'
import { openAiHeaders, rateLimitError, retryHeaders } from './rate-limit.ts'

/**
 * `POST /v1/embeddings`. No step of a turn is one, so nothing of it is recorded and it is answered at once; the
 * quota of the model holds, where the workload has a model of that name.
 */
export function answerEmbeddings(
  face: Face,
  { response }: Incoming,
  body: string,
  deployment?: string,
): void {
  const read = readEmbeddingsRequest(body, deployment)
  if ('error' in read) {
    sendError(response, read.error)
    return
  }
  const { models, time } = face.epoch
  const { model, inputs, dimensions, encoding } = read.request
  const inputTokens = tokensOf(inputs)
  const quota = models.find(({ model: { id, key } }) => id === model || key === model)?.quota
  const demand = { inputTokens, cachedTokens: 0, maxTokens: 0 }
  const admittedAtMs = time.toWorkload(monotonicMs())
  const waitMs = quota?.admit(admittedAtMs, demand) ?? 0
  if (quota && waitMs === 0) quota.settle(admittedAtMs, demand, { ...demand, outputTokens: 0, admittedAtMs })
  const left = quota?.status(admittedAtMs) ?? []
  const headers = openAiHeaders(`req_${face.nextId()}`, left, time.speed)
  if (waitMs > 0) {
    const error = rateLimitError(model, demand, left, waitMs, time.speed)
    sendError(response, error, { ...headers, ...retryHeaders(waitMs, time.speed) })
    return
  }
  const vectors = inputs.map((input) => embedding(input, dimensions))
  sendJson(response, 200, embeddingsBody(model, vectors, encoding, inputTokens), headers)
}

function tokensOf(inputs: EmbeddingsRequest['inputs']): number {
  return inputs.reduce(
    (sum, input) =>
      sum + (typeof input === 'string' ? inputTokensOf({ characters: input.length }) : input.length),
    0,
  )
}
