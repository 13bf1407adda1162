import { invalidRequest } from '../wire/openai-error.ts'
import { withItems } from '../wire/openai-conversations.ts'
import {
  outputOf,
  responseBody,
  responseId,
  type ResponseParts,
  ResponseStream,
} from '../wire/openai-responses.ts'
import {
  readResponsesRequest,
  readStoredRequest,
  type ResponsesRequest,
} from '../wire/openai-responses-request.ts'
import {
  deletedResponse,
  inputItemPage,
  notInBackground,
  responseNotFound,
} from '../wire/openai-stored-responses.ts'
import type { ReadRequest } from '../wire/request-fields.ts'
import { type Conversations, saidMessage } from './conversations.ts'
import type { Dialect, Said } from './dialect.ts'
import type { Face } from './face.ts'
import { answerRead, refuseRequest } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { playCall } from './played-call.ts'
import { openAiHeaders } from './rate-limit.ts'
import { saidTokens } from './said-tokens.ts'
import { inputTokensOf } from './served-model.ts'

/** `POST /v1/responses`. */
export function answerResponses(face: Face, incoming: Incoming, body: string): void {
  const { conversations } = face.epoch
  const read = readWith(conversations, body)
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else playCall(face, responsesDialect(conversations), incoming, read.request)
}

/** `POST /v1/responses/input_tokens`: what the same request would count as input, at once and outside any quota. */
export function answerResponsesCount(face: Face, incoming: Incoming, body: string): void {
  const read = readWith(face.epoch.conversations, body)
  const counted = (request: ResponsesRequest): string =>
    JSON.stringify({ object: 'response.input_tokens', input_tokens: inputTokensOf(face.epoch, request) })
  answerRead(face, incoming, 'error' in read ? read : { request: counted(read.request) })
}

const readWith = (conversations: Conversations, body: string) =>
  readResponsesRequest(
    body,
    (id) => conversations.recall(id)?.messages,
    (id) => conversations.response(id)?.answer.thinking !== undefined,
    (id) => conversations.listed(id)?.items,
  )

const tooLong = invalidRequest(
  'Your input exceeds the context window of this model. Please adjust your input and try again.',
  'input',
  'context_length_exceeded',
)

function responsesDialect(conversations: Conversations): Dialect<ResponsesRequest> {
  return {
    callPrefix: 'call',
    fullStatus: 429,
    unavailableStatus: 503,
    tooLong,
    headers: openAiHeaders,
    whole(said) {
      remember(conversations, said)
      return responseBody(partsOf(said))
    },
    stream(said) {
      remember(conversations, said)
      return new ResponseStream(partsOf(said))
    },
    ending: (said) => goingOn(conversations, said),
    refusedStream({ head, request: { echo, encrypts } }, error) {
      return new ResponseStream({ head, echo, encrypts, ...nothingSaid }).refusal(error)
    },
  }
}

const nothingSaid: Pick<ResponseParts, 'answer' | 'usage'> = {
  answer: { text: '', toolCalls: [], finish: 'stop' },
  usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0 },
}

/** `GET` and `DELETE /v1/responses/:id`, and `GET /v1/responses/:id/input_items`, of what is stored. */
export function answerStoredResponse(
  face: Face,
  incoming: Incoming,
  { id, isItems, query }: { readonly id: string; readonly isItems: boolean; readonly query: URLSearchParams },
): void {
  const { conversations } = face.epoch
  const told = (): ReadRequest<string> => {
    const stored = conversations.response(id)
    if (!stored) return { error: responseNotFound(id) }
    if (isItems) return inputItemPage(id, stored.body, query)
    if (incoming.request.method === 'DELETE') {
      conversations.forget(id)
      return { request: deletedResponse(id) }
    }
    if (query.get('stream') === 'true') return { error: notInBackground }
    return { request: responseBody({ ...stored, ...readStoredRequest(stored.body) }) }
  }
  answerRead(face, incoming, told())
}

const partsOf = ({ head, answer, usage, request, tokenizer }: Said<ResponsesRequest>): ResponseParts => {
  const { echo, encrypts, logprobs } = request
  const tokens = logprobs === undefined ? undefined : saidTokens(tokenizer, answer.text, logprobs)
  return { head, answer, usage, echo, encrypts, tokens }
}

function remember(conversations: Conversations, said: Said<ResponsesRequest>): void {
  const { head, request, answer, usage, tokenizer } = said
  if (!request.store) return
  const messages = [...request.conversation, saidMessage(answer)]
  conversations.remember(responseId(head), { messages }, tokenizer, {
    body: request.body,
    head,
    answer,
    usage,
  })
}

/** Adds to the conversation that the request names, once all is said: a try that fails leaves it as it was. */
function goingOn(conversations: Conversations, said: Said<ResponsesRequest>): (() => void) | undefined {
  const { conversationId: id, body } = said.request
  if (id === undefined) return undefined
  const output = outputOf(partsOf(said))
  return () => {
    const listed = conversations.listed(id)
    const { input } = JSON.parse(body) as { readonly input: unknown }
    if (listed) conversations.list(id, withItems(id, listed, input ?? [], output))
  }
}
