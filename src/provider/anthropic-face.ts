import { wallClockMs } from '../clock/now.ts'
import type { QuotaStatus } from '../service/quota.ts'
import { AnthropicStream, anthropicMessage, anthropicMessageId } from '../wire/anthropic-messages.ts'
import {
  type MessagesRequest,
  readCountTokensRequest,
  readMessagesRequest,
} from '../wire/anthropic-request.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import { invalidRequest, type OpenAiError } from '../wire/openai-error.ts'
import { type Conversations, saidMessage } from './conversations.ts'
import type { Dialect, Said } from './dialect.ts'
import type { Face } from './face.ts'
import { answerRead, header, refuseRequest } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { playCall } from './played-call.ts'
import { inputTokensOf } from './served-model.ts'
import type { Headers } from './spoken-api.ts'

/** `POST /v1/messages`. */
export function answerMessages(face: Face, incoming: Incoming, body: string): void {
  const { conversations } = face.epoch
  const read = refusedVersion(incoming) ?? readMessagesRequest(body, (id) => conversations.recall(id))
  if ('error' in read) refuseRequest(face, incoming, read.error)
  else playCall(face, anthropicDialect(conversations), incoming, read.request)
}

/** `POST /v1/messages/count_tokens`: what the same request would count as input, at once and outside any quota. */
export function answerCountTokens(face: Face, incoming: Incoming, body: string): void {
  const read = refusedVersion(incoming) ?? readCountTokensRequest(body)
  const counted = (request: ModelRequest): string =>
    JSON.stringify({ input_tokens: inputTokensOf(face.epoch, request) })
  answerRead(face, incoming, 'error' in read ? read : { request: counted(read.request) })
}

/** Any date is taken for a version; a header that comes twice is joined by a comma, and so is none. */
const versionForm = /^\d{4}-\d{2}-\d{2}$/

/** The SDKs send the version by themselves; whoever writes HTTP by hand has to. */
function refusedVersion({ request }: Incoming): { readonly error: OpenAiError } | undefined {
  const version = header(request, 'anthropic-version')
  if (version === undefined) return { error: invalidRequest('anthropic-version: header is required') }
  if (versionForm.test(version)) return undefined
  const told = version.slice(0, 40)
  return { error: invalidRequest(`anthropic-version: "${told}" is not a valid version`) }
}

function anthropicDialect(conversations: Conversations): Dialect<MessagesRequest> {
  return {
    callPrefix: 'toolu',
    fullStatus: 529,
    unavailableStatus: 529,
    retryAfterSeconds: true,
    headers: anthropicHeaders,
    whole(said) {
      remember(conversations, said)
      return anthropicMessage(said.head, said.answer, said.usage)
    },
    stream(said) {
      remember(conversations, said)
      return new AnthropicStream(said.head, said.answer, said.usage)
    },
  }
}

function remember(conversations: Conversations, said: Said<MessagesRequest>): void {
  const { head, request, answer, tokenizer } = said
  if (!request.isThread) return
  const messages = [...request.messages, saidMessage(answer)]
  conversations.remember(anthropicMessageId(head), { messages, tools: request.tools }, tokenizer)
}

/**
 * Resets are instants of wall time. The tightest of the limits on tokens is repeated under the common name `tokens`, and
 * remaining tokens are rounded to thousands.
 */
function anthropicHeaders(requestId: string, left: readonly QuotaStatus[], speed: number): Headers {
  const [tightest] = left
    .filter(({ of }) => of !== 'requests')
    .toSorted((one, other) => one.remaining / one.limit - other.remaining / other.limit)
  const told = tightest ? [...left, { ...tightest, of: 'tokens' }] : left
  const limits = told.flatMap(({ of, limit, remaining, resetMs }) => [
    [`anthropic-ratelimit-${of}-limit`, String(limit)],
    [
      `anthropic-ratelimit-${of}-remaining`,
      String(of === 'requests' ? remaining : Math.round(remaining / 1000) * 1000),
    ],
    [`anthropic-ratelimit-${of}-reset`, instantText(wallClockMs() + resetMs / speed)],
  ])
  return { 'request-id': requestId, ...Object.fromEntries(limits) }
}

/** `2026-11-21T10:00:00Z`, the second at or after it. */
function instantText(atMs: number): string {
  return new Date(Math.ceil(atMs / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}
