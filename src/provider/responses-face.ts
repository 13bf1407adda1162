import { responseBody, responseId, type ResponseParts, ResponseStream } from '../wire/openai-responses.ts'
import { readResponsesRequest, type ResponsesRequest } from '../wire/openai-responses-request.ts'
import { type Conversations, saidMessage } from './conversations.ts'
import type { Dialect, Said } from './dialect.ts'
import type { Face } from './face.ts'
import { refuseRequest, sendJson } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { playCall } from './played-call.ts'
import { openAiHeaders } from './rate-limit.ts'
import { inputTokensOf } from './served-model.ts'

/** `POST /v1/responses`. */
export function answerResponses(face: Face, incoming: Incoming, body: string): void {
  const { conversations } = face.epoch
  const read = readResponsesRequest(body, (id) => conversations.recall(id)?.messages)
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else playCall(face, responsesDialect(conversations), incoming, read.request)
}

/** `POST /v1/responses/input_tokens`: what the same request would count as input, at once and outside any quota. */
export function answerResponsesCount(face: Face, incoming: Incoming, body: string): void {
  const { conversations } = face.epoch
  const read = readResponsesRequest(body, (id) => conversations.recall(id)?.messages)
  if ('error' in read) {
    refuseRequest(face, incoming, read.error)
    return
  }
  const input_tokens = inputTokensOf(face.epoch, read.request)
  const counted = JSON.stringify({ object: 'response.input_tokens', input_tokens })
  sendJson(incoming.response, 200, counted, { 'x-request-id': `req_${face.nextId()}` })
}

function responsesDialect(conversations: Conversations): Dialect<ResponsesRequest> {
  return {
    callPrefix: 'call',
    fullStatus: 429,
    unavailableStatus: 503,
    headers: openAiHeaders,
    whole(said) {
      remember(conversations, said)
      return responseBody(partsOf(said))
    },
    stream(said) {
      remember(conversations, said)
      return new ResponseStream(partsOf(said))
    },
  }
}

const partsOf = ({
  head,
  answer,
  usage,
  request: { echo, encrypts },
}: Said<ResponsesRequest>): ResponseParts => ({
  head,
  answer,
  usage,
  echo,
  encrypts,
})

function remember(conversations: Conversations, said: Said<ResponsesRequest>): void {
  const { head, request } = said
  if (request.store)
    conversations.remember(
      responseId(head),
      [...request.conversation, saidMessage(said.answer)],
      said.tokenizer,
    )
}
