import { ChatChoicesStream } from '../wire/chat-choices.ts'
import type { AnswerStream, ModelAnswer } from '../wire/model-answer.ts'
import { chatCompletion, type ChatChoice, ChatStream, endedAsAsked } from '../wire/openai-chat.ts'
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
  whole: (said) => chatCompletion(said.head, toldChoices(said), said.usage),
  stream: (said) => chatStream(said, ChatStream),
}

/** A completion as it was asked for: how its choices end, and their tokens where they are to be told. */
export function toldChoices({
  answer: first,
  others,
  request,
  tokenizer,
}: Said<ChatRequest>): [first: ChatChoice, ...others: ChatChoice[]] {
  const told = (answer: ModelAnswer): ChatChoice => {
    const { logprobs, choices } = request
    const areTold = logprobs !== undefined && answer.toolCalls.length === 0
    const tokens = areTold ? saidTokens(tokenizer, answer.text, logprobs, choices) : undefined
    return { answer: endedAsAsked(answer, request), tokens }
  }
  return [told(first), ...others.map(told)]
}

/** A streamed completion; whatever begins one stands before its first choice. */
export function chatStream(said: Said<ChatRequest>, First: typeof ChatStream): AnswerStream {
  const { head, usage } = said
  const { includeUsage } = said.request
  const [{ answer, tokens }, ...others] = toldChoices(said)
  const first = new First(head, answer, usage, { includeUsage, tokens })
  if (others.length === 0) return first
  const choice = (other: ChatChoice, index: number): ChatStream =>
    new ChatStream(head, other.answer, usage, { includeUsage, tokens: other.tokens, index: index + 1 })
  return new ChatChoicesStream(first, others.map(choice))
}
