import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import { monotonicMs, wallClockMs } from '../../clock/now.ts'
import type { QuotaStatus } from '../../service/quota.ts'
import { invalidRequest, type OpenAiError } from '../../wire/openai-error.ts'
import {
  cancelledResponse,
  isSpoken,
  type RealtimeEvent,
  realtimeError,
  type RealtimeModality,
  realtimeOutput,
  realtimeResponseId,
  type RealtimeResponseOptions,
  realtimeSession,
  refusedResponse,
} from '../../wire/openai-realtime.ts'
import {
  mergedSession,
  readRealtimeAudio,
  type RealtimeAudio,
  type RealtimeTurns,
} from '../../wire/openai-realtime-audio.ts'
import { RealtimeStream } from '../../wire/openai-realtime-stream.ts'
import { readResponseOfItems, type ResponsesRequest } from '../../wire/openai-responses-request.ts'
import { isObject, type JsonObject, Refusal, requireShallow } from '../../wire/request-fields.ts'
import type { Dialect, Said } from '../dialect.ts'
import type { Face } from '../face.ts'
import { playCall } from '../played-call.ts'
import { tell } from '../speech/speech-socket.ts'
import type { Headers } from '../spoken-api.ts'
import { MessageResponse } from './message-response.ts'
import { RealtimeConversation } from './realtime-conversation.ts'
import { RealtimeEar } from './realtime-ear.ts'
import { SpokenAnswer } from './spoken-answer.ts'

/** A session ends by itself after so long. */
const longestSeconds = 3600
/** Less sound than this is nothing that could have been said. */
const leastCommitMs = 100

interface Active {
  readonly id: string
  readonly options: RealtimeResponseOptions
  readonly response: MessageResponse
}

/** One client of the Realtime API: what it says, its conversation, and the response that is being made. */
export class RealtimeSession {
  readonly #face: Face
  readonly #socket: WebSocket
  readonly #request: IncomingMessage
  readonly #conversationId: string
  readonly #conversation: RealtimeConversation
  #session: JsonObject
  #audio: RealtimeAudio
  #ear: RealtimeEar
  /** The item that whoever is speaking will have said. */
  #spoken = ''
  #active: Active | undefined
  #events = 0

  constructor(face: Face, socket: WebSocket, request: IncomingMessage, model: string) {
    this.#face = face
    this.#socket = socket
    this.#request = request
    const id = face.nextId()
    this.#conversationId = `conv_${id}`
    this.#session = realtimeSession(id, model, Math.floor(wallClockMs() / 1000) + longestSeconds)
    this.#conversation = new RealtimeConversation(
      () => face.nextId(),
      (event) => this.#send(event),
    )
    this.#audio = readRealtimeAudio(this.#session) as RealtimeAudio
    this.#ear = this.#listen()
    this.#send({ type: 'session.created', session: this.#session })
  }

  /** What the client says; undefined where it is not even an object. */
  hear(event: JsonObject | undefined): void {
    const refusal =
      event === undefined
        ? invalidRequest('The message is not a JSON object.')
        : (tooDeep(event) ?? this.#refusalOf(event))
    if (refusal) this.#send(realtimeError(refusal, event?.['event_id']))
  }

  /** The client has left. */
  end(): void {
    this.#active?.response.cancel()
    this.#active = undefined
  }

  #refusalOf(event: JsonObject): OpenAiError | undefined {
    switch (event['type']) {
      case 'session.update':
        return this.#update(event['session'])
      case 'input_audio_buffer.append':
        return this.#append(event['audio'])
      case 'input_audio_buffer.commit':
        return this.#commit()
      case 'input_audio_buffer.clear':
        this.#ear.forget()
        this.#send({ type: 'input_audio_buffer.cleared' })
        return undefined
      case 'conversation.item.create':
        return this.#conversation.create(event['item'], event['previous_item_id'], (item) => {
          const read = this.#read(this.#session, [item])
          return 'error' in read ? ofItem(read.error) : undefined
        })
      case 'conversation.item.retrieve':
        return this.#conversation.retrieve(event['item_id'])
      case 'conversation.item.delete':
        return this.#conversation.delete(event['item_id'])
      case 'conversation.item.truncate':
        return this.#conversation.truncate(event)
      case 'response.create':
        return this.#respond(event['response'] ?? {})
      case 'response.cancel':
        return this.#cancel('client_cancelled')
      default:
        return invalidRequest(
          `Invalid value: '${String(event['type']).slice(0, 100)}'. Supported values are: ${supported.join(', ')}.`,
          'type',
          'invalid_value',
        )
    }
  }

  #update(change: unknown): OpenAiError | undefined {
    if (!isObject(change)) return invalidRequest("'session' is missing or no object.", 'session')
    if (change['type'] !== undefined && change['type'] !== 'realtime')
      return invalidRequest("Only sessions of type 'realtime' are played.", 'session.type', 'invalid_value')
    const changed = mergedSession(this.#session, change)
    const read = this.#read(changed, [greeting])
    if ('error' in read) return { ...read.error, param: `session.${read.error.param}` }
    const audio = readRealtimeAudio(changed)
    if ('message' in audio) return audio
    this.#session = changed
    if (isObject(change['audio'])) {
      this.#audio = audio
      this.#ear = this.#listen()
    }
    this.#send({ type: 'session.updated', session: changed })
    return undefined
  }

  #append(audio: unknown): OpenAiError | undefined {
    if (typeof audio !== 'string') return invalidRequest("'audio' has to be a string of base64.", 'audio')
    this.#ear.hear(Buffer.from(audio, 'base64'))
    return undefined
  }

  #listen(): RealtimeEar {
    const { input, turns } = this.#audio
    return new RealtimeEar(this.#face, input, turns?.silenceMs ?? 0, {
      started: (atMs) => turns && this.#callerBegan(atMs, turns),
      stopped: (atMs) => turns && this.#callerEnded(atMs, turns),
    })
  }

  #callerBegan(audio_start_ms: number, { interrupts }: RealtimeTurns): void {
    this.#spoken = `item_${this.#face.nextId()}`
    this.#send({ type: 'input_audio_buffer.speech_started', audio_start_ms, item_id: this.#spoken })
    if (interrupts && this.#active) this.#cancel('turn_detected')
  }

  #callerEnded(audio_end_ms: number, { responds }: RealtimeTurns): void {
    this.#send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms, item_id: this.#spoken })
    this.#take(this.#spoken)
    const refusal = responds ? this.#respond({}) : undefined
    if (refusal) this.#send(realtimeError(refusal, undefined))
  }

  #commit(): OpenAiError | undefined {
    const { untakenMs } = this.#ear
    if (untakenMs < leastCommitMs)
      return invalidRequest(
        `Error committing input audio buffer: buffer too small. Expected at least ${leastCommitMs}ms of audio, but buffer only has ${untakenMs.toFixed(2)}ms of audio.`,
        null,
        'input_audio_buffer_commit_empty',
      )
    this.#take(`item_${this.#face.nextId()}`)
    return undefined
  }

  /** What was said becomes an item of the conversation. */
  #take(item_id: string): void {
    const previous_item_id = this.#conversation.lastId
    this.#send({ type: 'input_audio_buffer.committed', previous_item_id, item_id })
    this.#conversation.hear(item_id, this.#ear.take(), this.#audio.transcribes)
  }

  #respond(given: unknown): OpenAiError | undefined {
    if (!isObject(given)) return invalidRequest("'response' is no object.", 'response')
    if (this.#active)
      return invalidRequest(
        `Conversation already has an active response in progress: ${realtimeResponseId(this.#active.id)}. Wait until the response is finished before creating a new one.`,
        null,
        'conversation_already_has_active_response',
      )
    const asked = { ...this.#session, ...given }
    const modalities = asked['output_modalities'] as readonly RealtimeModality[]
    if (!Array.isArray(modalities) || modalities.length !== 1 || !known.has(modalities[0]))
      return invalidRequest(
        "Invalid modalities: supported combinations are: ['text'] and ['audio'].",
        'response.output_modalities',
        'invalid_value',
      )
    const isOutside = given['conversation'] === 'none'
    const read = this.#read(asked, Array.isArray(given['input']) ? given['input'] : undefined)
    if ('error' in read) return read.error
    const { maxTokens } = read.request
    const options: RealtimeResponseOptions = {
      conversationId: isOutside ? undefined : this.#conversationId,
      modalities,
      maxOutputTokens: maxTokens ?? 'inf',
      metadata: isObject(given['metadata']) ? given['metadata'] : null,
    }
    this.#play(read.request, options)
    return undefined
  }

  /** As the Responses API reads them: items and tools are the same in both. */
  #read(asked: JsonObject, given?: readonly unknown[]) {
    const items = this.#conversation.asText(given)
    const { instructions, tools, tool_choice, max_output_tokens: most, model, truncation } = asked
    const max_output_tokens = most === 'inf' ? undefined : most
    const input = items.length > 0 ? items : [greeting]
    return readResponseOfItems(
      JSON.stringify({
        model,
        input,
        ...(instructions === '' ? {} : { instructions }),
        tools,
        tool_choice,
        max_output_tokens,
        truncation: truncation === 'disabled' ? truncation : 'auto',
        stream: true,
      }),
    )
  }

  #play(request: ResponsesRequest, options: RealtimeResponseOptions): void {
    let limits: RealtimeEvent | undefined
    let id = this.#face.nextId()
    const response = new MessageResponse(this.#request, {
      socket: this.#socket,
      line: (text, sent) => {
        this.#write(text, sent)
        if (limits) this.#send(limits)
        limits = undefined
      },
      began: (headers) => (limits = limitsOf(headers)),
      refused: (error) => this.#refuse(id, options, error),
    })
    response.once('close', () => {
      if (this.#active?.response === response) this.#active = undefined
    })
    this.#active = { id, options, response }
    const dialect: Dialect<ResponsesRequest> = {
      callPrefix: 'call',
      fullStatus: 429,
      unavailableStatus: 503,
      headers: (_, left, speed) => ({ [limitsHeader]: JSON.stringify(rateLimits(left, speed)) }),
      whole: () => '',
      stream: (said) => {
        id = said.head.id
        this.#active = { id, options, response }
        return this.#streamed(said, options)
      },
    }
    playCall(
      this.#face,
      dialect,
      {
        request: this.#request,
        response: response as unknown as ServerResponse,
        sentAtMs: monotonicMs(),
      },
      request,
    )
  }

  /** The next request goes on from what was said as soon as its end is told. */
  #streamed(said: Said<ResponsesRequest>, options: RealtimeResponseOptions): RealtimeStream {
    const parts = { ...said, options, previousItemId: this.#conversation.lastId }
    const voice = isSpoken(options) ? new SpokenAnswer(this.#audio.output) : undefined
    const stream = new RealtimeStream(parts, voice && ((text, isEnd) => voice.add(text, isEnd)))
    const closing = stream.closing.bind(stream)
    stream.closing = () => {
      if (options.conversationId !== undefined) this.#conversation.add(realtimeOutput(parts))
      return closing()
    }
    return stream
  }

  #refuse(id: string, options: RealtimeResponseOptions, error: OpenAiError): void {
    this.#active = undefined
    for (const event of refusedResponse(id, options, error)) this.#send(event)
  }

  #cancel(reason: 'client_cancelled' | 'turn_detected'): OpenAiError | undefined {
    const active = this.#active
    if (!active)
      return invalidRequest(
        'Cancellation failed: no active response found.',
        null,
        'response_cancel_not_active',
      )
    this.#active = undefined
    active.response.cancel()
    this.#send(cancelledResponse(active.id, active.options, reason))
    return undefined
  }

  #send(event: RealtimeEvent): void {
    this.#write(JSON.stringify(event))
  }

  /** Gives it its id; not by reading it, since one that is malformed on purpose cannot be read. */
  #write(event: string, sent?: () => void): void {
    const eventId = `event_${String(this.#session['id']).slice('sess_'.length)}_${this.#events++}`
    tell(this.#socket, `{"event_id":"${eventId}",${event.slice(1)}`, sent)
  }
}

/** What is deep would be too deep for whoever writes it again. */
function tooDeep(event: JsonObject): OpenAiError | undefined {
  try {
    requireShallow(event, 'event')
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.error
    throw error
  }
}

const ofItem = (error: OpenAiError): OpenAiError => ({
  ...error,
  param: (error.param ?? '').replace('input[0]', 'item'),
})

const known = new Set<unknown>(['text', 'audio'])

const supported = [
  'session.update',
  'input_audio_buffer.append',
  'input_audio_buffer.commit',
  'input_audio_buffer.clear',
  'conversation.item.create',
  'conversation.item.retrieve',
  'conversation.item.delete',
  'conversation.item.truncate',
  'response.create',
  'response.cancel',
]

/** Stands for a conversation in which nobody has said anything. */
const greeting = { type: 'message', role: 'user', content: [] }

const limitsHeader = 'x-rate-limits'

function rateLimits(left: readonly QuotaStatus[], speed: number): readonly JsonObject[] {
  return left.map(({ of, limit, remaining, resetMs }) => ({
    name: of,
    limit,
    remaining,
    reset_seconds: resetMs / speed / 1000,
  }))
}

function limitsOf(headers: Headers): RealtimeEvent | undefined {
  const rate_limits: unknown = JSON.parse(headers[limitsHeader] ?? '[]')
  return { type: 'rate_limits.updated', rate_limits }
}
