import { geminiContent, GeminiStream } from '../wire/gemini-content.ts'
import { type GeminiPath, readGeminiCount, readGeminiRequest } from '../wire/gemini-request.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import type { Dialect } from './dialect.ts'
import type { Face } from './face.ts'
import { refuseRequest, sendError, sendJson } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { playCall } from './played-call.ts'
import { inputTokensOf } from './served-model.ts'

/** `POST /v1beta/models/<model>:generateContent` and `:streamGenerateContent`, as events or as one JSON array. */
export function answerGemini(face: Face, incoming: Incoming, body: string, path: GeminiPath): void {
  const read = readGeminiRequest(body, path)
  const asEvents = /[?&]alt=sse\b/.test(incoming.request.url ?? '')
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else playCall(face, asEvents ? eventsDialect : arrayDialect, incoming, read.request)
}

/** `:countTokens`: what the same request would count as input, at once and outside any quota. */
export function answerGeminiCount(face: Face, { response }: Incoming, body: string, path: GeminiPath): void {
  const read = readGeminiCount(body, path)
  if ('error' in read) {
    sendError(response, read.error)
    return
  }
  const totalTokens = inputTokensOf(face.epoch, read.request)
  const promptTokensDetails = [{ modality: 'TEXT', tokenCount: totalTokens }]
  sendJson(response, 200, JSON.stringify({ totalTokens, promptTokensDetails }))
}

function dialect(as: 'events' | 'array'): Dialect<ModelRequest> {
  return {
    callPrefix: 'call',
    fullStatus: 429,
    unavailableStatus: 503,
    ...(as === 'array' ? { streamType: 'application/json; charset=UTF-8' } : {}),
    headers: () => ({ 'x-gemini-service-tier': 'standard' }),
    whole: ({ head, answer, usage }) => geminiContent(head, answer, usage),
    stream: ({ head, answer, usage }) => new GeminiStream(head, answer, usage, as),
  }
}

const eventsDialect = dialect('events')
const arrayDialect = dialect('array')
