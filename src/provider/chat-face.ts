import { ChatStream, chatCompletion, endedAsAsked } from '../wire/openai-chat.ts'
import { type ChatRequest, readChatRequest } from '../wire/openai-chat-request.ts'
import type { Dialect } from './dialect.ts'
import type { Face } from './face.ts'
import { refuseRequest } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { playCall } from './played-call.ts'
import { openAiHeaders } from './rate-limit.ts'

/** `POST /v1/chat/completions`. */
export function answerChat(face: Face, incoming: Incoming, body: string): void {
  const read = readChatRequest(body)
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else playCall(face, chatDialect, incoming, read.request)
}

const chatDialect: Dialect<ChatRequest> = {
  callPrefix: 'call',
  fullStatus: 429,
  unavailableStatus: 503,
  headers: openAiHeaders,
  whole: ({ head, answer, usage, request }) => chatCompletion(head, endedAsAsked(answer, request), usage),
  stream: ({ head, answer, usage, request }) =>
    new ChatStream(head, endedAsAsked(answer, request), usage, request.includeUsage),
}
