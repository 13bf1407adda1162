import type { AnswerHead, ModelAnswer, ModelUsage } from './model-answer.ts'
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

/** An answer that is spoken: the sound that can be heard now that so much more of its text is known. */
export type SpeakText = (text: string, isEnd: boolean) => Buffer

export interface RealtimeResponseParts {
  readonly head: AnswerHead
  readonly answer: ModelAnswer
  readonly usage: ModelUsage
  readonly options: RealtimeResponseOptions
  /** What its conversation ended with before; null where that was empty. */
  readonly previousItemId: string | null
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

/** A response that its client or its caller has ended, with what it had said until then left out. */
export function cancelledResponse(
  id: string,
  options: RealtimeResponseOptions,
  reason: 'client_cancelled' | 'turn_detected',
): RealtimeEvent {
  const details = { type: 'cancelled', reason }
  return {
    type: 'response.done',
    response: responseObject(id, options, { status: 'cancelled', status_details: details }),
  }
}

/** The answer is sound, with its words beside it. */
export const isSpoken = ({ modalities }: RealtimeResponseOptions): boolean => modalities.includes('audio')

/** The name of a response, of the id of its answer. */
export const realtimeResponseId = (id: string): string => `resp_${id}`

/** The items that an answer adds to its conversation. */
export function realtimeOutput({ head, answer, options }: RealtimeResponseParts): readonly RealtimeItem[] {
  const { text, toolCalls, finish } = answer
  const object = 'realtime.item'
  if (toolCalls.length === 0) {
    const status = finish === 'length' ? 'incomplete' : 'completed'
    const content = [
      isSpoken(options) ? { type: 'output_audio', transcript: text } : { type: 'output_text', text },
    ]
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

/** How far a response is. */
export interface ResponseState {
  readonly status: string
  readonly status_details?: object
  readonly output?: readonly RealtimeItem[]
  readonly usage?: object
}

/** A response as its messages show it. */
export function responseObject(
  id: string,
  options: RealtimeResponseOptions,
  state: ResponseState,
): JsonObject {
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
