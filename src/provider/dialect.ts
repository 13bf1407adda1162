import type { CallPrefix } from '../sessions/turn-key.ts'
import type { QuotaStatus } from '../service/quota.ts'
import type { AnswerHead, AnswerStream, ModelAnswer, ModelUsage } from '../wire/model-answer.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import type { OpenAiError } from '../wire/openai-error.ts'
import type { Headers } from './spoken-api.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

/** What a model says to a request. */
export interface Said<R extends ModelRequest> {
  readonly head: AnswerHead
  readonly request: R
  readonly answer: ModelAnswer
  /** Beside it, where the request asked for several. */
  readonly others: readonly ModelAnswer[]
  /** Of all of them. */
  readonly usage: ModelUsage
  /** Of the model that answers. */
  readonly tokenizer: Tokenizer
}

/** How an API says what a model decided: all that tells one face from another. */
export interface Dialect<R extends ModelRequest> {
  /** Begins the ids of its tool calls. */
  readonly callPrefix: CallPrefix
  /** Status of a refusal because all slots are taken. */
  readonly fullStatus: 429 | 529
  /** Status where nothing is served any more. */
  readonly unavailableStatus: 503 | 529
  /** The refusal of an input that is too long, where it is not in the words that are common to the vendor's APIs. */
  readonly tooLong?: OpenAiError
  /** A stream that begins all the same and then tells a refusal; where absent, none begins. */
  refusedStream?(said: Pick<Said<R>, 'head' | 'request'>, error: OpenAiError): string
  /** Tells when to retry in whole seconds only; in compressed time also in milliseconds, as seconds are too coarse. */
  readonly retryAfterSeconds?: true
  /** Content type of a streamed answer; server-sent events where absent. */
  readonly streamType?: string
  /** The name of a request, and what is left of the quota. */
  headers(requestId: string, left: readonly QuotaStatus[], speed: number): Headers
  /** The body, or what makes it once it is sent. */
  whole(said: Said<R>): string | (() => string)
  stream(said: Said<R>): AnswerStream
  /** What is to be done just before the last of it is sent, and not where it breaks off. */
  ending?(said: Said<R>): (() => void) | undefined
}
