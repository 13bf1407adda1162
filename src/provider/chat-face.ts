import type { AnswerHead, ModelAnswer, ModelUsage } from '../wire/model-answer.ts'
import { chatCompletion, type ChatOptions, ChatStream, endedAsAsked } from '../wire/openai-chat.ts'
import { type ChatRequest, readChatRequest } from '../wire/openai-chat-request.ts'
import type { Dialect, Said } from './dialect.ts'
import type { Face } from './face.ts'
import { refuseRequest } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { playCall } from './played-call.ts'
import { openAiHeaders } from './rate-limit.ts'
import { saidTokens } from './said-tokens.ts'

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
  whole: (said) => chatCompletion(...toldChat(said)),
  stream: (said) => new ChatStream(...toldChat(said)),
}

/** A chat completion as it was asked for: how it ends, and its tokens where they are to be told. */
export function toldChat({
  head,
  answer,
  usage,
  request,
  tokenizer,
}: Said<ChatRequest>): [head: AnswerHead, answer: ModelAnswer, usage: ModelUsage, options: ChatOptions] {
  const { includeUsage, logprobs } = request
  const areTold = logprobs !== undefined && answer.toolCalls.length === 0
  const tokens = areTold ? saidTokens(tokenizer, answer.text, logprobs) : undefined
  return [head, endedAsAsked(answer, request), usage, { includeUsage, tokens }]
}
