import type { ModelMessage } from '../wire/model-request.ts'
import { responseBody, responseId, ResponseStream } from '../wire/openai-responses.ts'
import { readResponsesRequest, type ResponsesRequest } from '../wire/openai-responses-request.ts'
import type { Conversations } from './conversations.ts'
import type { Dialect, Said } from './dialect.ts'
import type { Face } from './face.ts'
import { sendError } from './http-answer.ts'
import { type Incoming, playCall } from './played-call.ts'
import { openAiHeaders } from './rate-limit.ts'

/** `POST /v1/responses`. */
export function answerResponses(face: Face, incoming: Incoming, body: string): void {
  const { conversations } = face.epoch
  const read = readResponsesRequest(body, (id) => conversations.recall(id))
  if ('error' in read) sendError(incoming.response, read.error)
  else playCall(face, responsesDialect(conversations), incoming, read.request)
}

function responsesDialect(conversations: Conversations): Dialect<ResponsesRequest> {
  return {
    callPrefix: 'call',
    fullStatus: 429,
    unavailableStatus: 503,
    headers: openAiHeaders,
    whole(said) {
      remember(conversations, said)
      return responseBody({ ...said, echo: said.request.echo })
    },
    stream(said) {
      remember(conversations, said)
      return new ResponseStream({ ...said, echo: said.request.echo })
    },
  }
}

/** Before it is said: whoever has read the end of it may go on from it at once. */
function remember(conversations: Conversations, { head, request, answer }: Said<ResponsesRequest>): void {
  if (!request.store) return
  const called = answer.toolCalls.reduce((sum, call) => sum + call.name.length + call.arguments.length, 0)
  const said: ModelMessage = {
    role: 'assistant',
    text: answer.text,
    characters: answer.text.length + called,
  }
  conversations.remember(responseId(head), [...request.conversation, said])
}
