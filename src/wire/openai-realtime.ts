import { AnswerCutter, type Cut } from './cut-answer.ts'
import {
  type AnswerHead,
  answerParts,
  type AnswerStream,
  type ModelAnswer,
  type ModelUsage,
} from './model-answer.ts'
import type { OpenAiError } from './openai-error.ts'
import type { JsonObject } from './request-fields.ts'

/** One message of OpenAI's Realtime API, from either side. */
export interface RealtimeEvent {
  readonly type: string
  readonly event_id?: string
  readonly [field: string]: unknown
}

/** What a conversation is made of: messages, calls of functions and what these gave. */
export interface RealtimeItem {
  readonly id: string
  readonly type: string
  readonly [field: string]: unknown
}

export type RealtimeModality = 'text' | 'audio'

/** What a response is asked for beside its conversation. */
export interface RealtimeResponseOptions {
  /** Absent where the response stands outside of any. */
  readonly conversationId: string | undefined
  readonly modalities: readonly RealtimeModality[]
  readonly maxOutputTokens: number | 'inf'
  readonly metadata: JsonObject | null
}

export interface RealtimeResponseParts {
  readonly head: AnswerHead
  readonly answer: ModelAnswer
  readonly usage: ModelUsage
  readonly options: RealtimeResponseOptions
}

/** A session as it is before anybody changes it. */
export function realtimeSession(id: string, model: string, expiresAtSeconds: number): JsonObject {
  const format = { type: 'audio/pcm', rate: 24_000 }
  const turnDetection = {
    type: 'server_vad',
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: 200,
    idle_timeout_ms: null,
    create_response: true,
    interrupt_response: true,
  }
  return {
    type: 'realtime',
    object: 'realtime.session',
    id: `sess_${id}`,
    model,
    output_modalities: ['audio'],
    instructions: '',
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    truncation: 'auto',
    prompt: null,
    expires_at: expiresAtSeconds,
    audio: {
      input: { format, transcription: null, noise_reduction: null, turn_detection: turnDetection },
      output: { format, voice: 'alloy', speed: 1 },
    },
    include: null,
  }
}

/** What a client said wrong; the session goes on. */
export function realtimeError(error: OpenAiError, clientEventId: unknown): RealtimeEvent {
  const { message, type, param, code } = error
  const event_id = typeof clientEventId === 'string' ? clientEventId : null
  return { type: 'error', error: { type, code, message, param, event_id } }
}

/** A response that was refused before it said anything. */
export function refusedResponse(
  id: string,
  options: RealtimeResponseOptions,
  { type, code, message }: Pick<OpenAiError, 'type' | 'code' | 'message'>,
): readonly RealtimeEvent[] {
  const begun = responseObject(id, options, { status: 'in_progress' })
  const details = { type: 'failed', error: { type, code, message } }
  const failed = responseObject(id, options, { status: 'failed', status_details: details })
  return [
    { type: 'response.created', response: begun },
    { type: 'response.done', response: failed },
  ]
}

/** A response that its client has ended, with what it had said until then left out. */
export function cancelledResponse(id: string, options: RealtimeResponseOptions): RealtimeEvent {
  const details = { type: 'cancelled', reason: 'client_cancelled' }
  return {
    type: 'response.done',
    response: responseObject(id, options, { status: 'cancelled', status_details: details }),
  }
}

export const realtimeResponseId = (id: string): string => `resp_${id}`

/** The items that an answer adds to its conversation. */
export function realtimeOutput({ head, answer }: RealtimeResponseParts): readonly RealtimeItem[] {
  const { text, toolCalls, finish } = answer
  const object = 'realtime.item'
  if (toolCalls.length === 0) {
    const status = finish === 'length' ? 'incomplete' : 'completed'
    const content = [{ type: 'output_text', text }]
    return [{ id: `item_${head.id}`, object, type: 'message', status, role: 'assistant', content }]
  }
  return toolCalls.map(({ id, name, arguments: json }, index) => ({
    id: `item_${head.id}_${index}`,
    object,
    type: 'function_call',
    status: 'completed',
    name,
    call_id: id,
    arguments: json,
  }))
}

/** The messages of a response in text, one a line. Their own ids are given by whoever sends them. */
export class RealtimeStream implements AnswerStream {
  readonly #parts: RealtimeResponseParts
  readonly #contents: readonly string[]
  readonly #output: readonly RealtimeItem[]
  readonly #cutter: AnswerCutter

  constructor(parts: RealtimeResponseParts) {
    this.#parts = parts
    this.#contents = answerParts(parts.answer)
    this.#output = realtimeOutput(parts)
    this.#cutter = new AnswerCutter(this.#contents)
  }

  opening(): string {
    return line({ type: 'response.created', response: this.#response({ status: 'in_progress' }) })
  }

  piece(to: number): string {
    const isText = this.#parts.answer.toolCalls.length === 0
    return this.#cutter
      .upTo(to)
      .map((cut) => (isText ? this.#textEvents(cut) : this.#callEvents(cut)))
      .join('')
  }

  closing(): string {
    const { answer, usage } = this.#parts
    const isCut = answer.finish === 'length'
    const ended = isCut
      ? { status: 'incomplete', status_details: { type: 'incomplete', reason: 'max_output_tokens' } }
      : { status: 'completed' }
    const response = this.#response({ ...ended, output: this.#output, usage: usageObject(usage) })
    return line({ type: 'response.done', response })
  }

  failure(message: string): string {
    const error = { type: 'server_error', code: 'server_error', message }
    const details = { type: 'failed', error }
    return line({
      type: 'response.done',
      response: this.#response({ status: 'failed', status_details: details }),
    })
  }

  #textEvents({ index, text, begins, ends }: Cut): string {
    const item = this.#output[index]!
    const at = { ...this.#at(index), content_index: 0 }
    let events = ''
    if (begins) {
      events += this.#added(index, { ...item, status: 'in_progress', content: [] })
      events += line({ type: 'response.content_part.added', ...at, part: { type: 'text', text: '' } })
    }
    if (text) events += line({ type: 'response.output_text.delta', ...at, delta: text })
    if (!ends) return events
    const whole = this.#parts.answer.text
    events += line({ type: 'response.output_text.done', ...at, text: whole })
    events += line({ type: 'response.content_part.done', ...at, part: { type: 'text', text: whole } })
    return events + this.#done(index, item)
  }

  #callEvents({ index, text, begins, ends }: Cut): string {
    const item = this.#output[index]!
    const { id, name } = this.#parts.answer.toolCalls[index]!
    const at = { ...this.#at(index), call_id: id }
    let events = ''
    if (begins) events += this.#added(index, { ...item, status: 'in_progress', arguments: '' })
    if (text) events += line({ type: 'response.function_call_arguments.delta', ...at, delta: text })
    if (!ends) return events
    const whole = { ...at, name, arguments: this.#contents[index] }
    events += line({ type: 'response.function_call_arguments.done', ...whole })
    return events + this.#done(index, item)
  }

  #at(index: number) {
    const response_id = realtimeResponseId(this.#parts.head.id)
    return { response_id, item_id: this.#output[index]!.id, output_index: index }
  }

  #added(index: number, item: RealtimeItem): string {
    return this.#item('added', index, item)
  }

  #done(index: number, item: RealtimeItem): string {
    return this.#item('done', index, item)
  }

  /** Also of the conversation, where it is of one. */
  #item(what: 'added' | 'done', index: number, item: RealtimeItem): string {
    const { response_id } = this.#at(index)
    const output = line({ type: `response.output_item.${what}`, response_id, output_index: index, item })
    if (this.#parts.options.conversationId === undefined) return output
    const previous_item_id = this.#output[index - 1]?.id ?? null
    return output + line({ type: `conversation.item.${what}`, previous_item_id, item })
  }

  #response(state: ResponseState): JsonObject {
    const { head, options } = this.#parts
    return responseObject(head.id, options, state)
  }
}

const line = (event: RealtimeEvent): string => `${JSON.stringify(event)}\n`

interface ResponseState {
  readonly status: string
  readonly status_details?: object
  readonly output?: readonly RealtimeItem[]
  readonly usage?: object
}

function responseObject(id: string, options: RealtimeResponseOptions, state: ResponseState): JsonObject {
  return {
    object: 'realtime.response',
    id: realtimeResponseId(id),
    status_details: null,
    output: [],
    conversation_id: options.conversationId ?? null,
    output_modalities: options.modalities,
    max_output_tokens: options.maxOutputTokens,
    usage: null,
    metadata: options.metadata,
    ...state,
  }
}

function usageObject({ inputTokens, cachedTokens, outputTokens }: ModelUsage) {
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: inputTokens,
      audio_tokens: 0,
      image_tokens: 0,
      cached_tokens: cachedTokens,
      cached_tokens_details: { text_tokens: cachedTokens, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: { text_tokens: outputTokens, audio_tokens: 0 },
  }
}
