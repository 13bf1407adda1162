import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import { monotonicMs, wallClockMs } from '../../clock/now.ts'
import type { QuotaStatus } from '../../service/quota.ts'
import { invalidRequest, type OpenAiError } from '../../wire/openai-error.ts'
import {
  cancelledResponse,
  type RealtimeEvent,
  realtimeError,
  type RealtimeItem,
  type RealtimeModality,
  realtimeOutput,
  type RealtimeResponseOptions,
  realtimeSession,
  RealtimeStream,
  refusedResponse,
} from '../../wire/openai-realtime.ts'
import { readResponsesRequest, type ResponsesRequest } from '../../wire/openai-responses-request.ts'
import { isObject, type JsonObject, Refusal, requireShallow } from '../../wire/request-fields.ts'
import type { Dialect, Said } from '../dialect.ts'
import type { Face } from '../face.ts'
import { playCall } from '../played-call.ts'
import type { Headers } from '../spoken-api.ts'
import { MessageResponse } from './message-response.ts'

/** A session ends by itself after so long. */
const longestSeconds = 3600
const mostItems = 10_000

interface Active {
  readonly id: string
  readonly options: RealtimeResponseOptions
  readonly response: MessageResponse
}

/** One client of the Realtime API in text: its conversation, and the response that is being made. */
export class RealtimeSession {
  readonly #face: Face
  readonly #socket: WebSocket
  readonly #request: IncomingMessage
  readonly #conversationId: string
  #session: JsonObject
  #items: RealtimeItem[] = []
  #active: Active | undefined
  #events = 0

  constructor(face: Face, socket: WebSocket, request: IncomingMessage, model: string) {
    this.#face = face
    this.#socket = socket
    this.#request = request
    const id = face.nextId()
    this.#conversationId = `conv_${id}`
    this.#session = realtimeSession(id, model, Math.floor(wallClockMs() / 1000) + longestSeconds)
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
      case 'conversation.item.create':
        return this.#create(event['item'], event['previous_item_id'])
      case 'conversation.item.retrieve':
        return this.#withItem(event['item_id'], (item) => {
          this.#send({ type: 'conversation.item.retrieved', item })
        })
      case 'conversation.item.delete':
        return this.#withItem(event['item_id'], ({ id }) => {
          this.#items = this.#items.filter((item) => item.id !== id)
          this.#send({ type: 'conversation.item.deleted', item_id: id })
        })
      case 'response.create':
        return this.#respond(event['response'] ?? {})
      case 'response.cancel':
        return this.#cancel()
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
    const changed = { ...this.#session, ...change, id: this.#session['id'] }
    const read = this.#read(changed, [greeting])
    if ('error' in read) return { ...read.error, param: `session.${read.error.param}` }
    this.#session = changed
    this.#send({ type: 'session.updated', session: changed })
    return undefined
  }

  #create(given: unknown, previousId: unknown): OpenAiError | undefined {
    if (!isObject(given)) return invalidRequest("'item' is missing or no object.", 'item')
    if (this.#items.length >= mostItems) return invalidRequest('The conversation has too many items.', 'item')
    const id = typeof given['id'] === 'string' ? given['id'] : `item_${this.#face.nextId()}`
    const type = String(given['type'])
    if (this.#items.some((item) => item.id === id))
      return invalidRequest(
        `An item with id '${id}' exists already.`,
        'item.id',
        'item_create_duplicate_item_id',
      )
    const item: RealtimeItem = { object: 'realtime.item', status: 'completed', ...given, id, type }
    const read = this.#read(this.#session, [item])
    if ('error' in read) return { ...read.error, param: (read.error.param ?? '').replace('input[0]', 'item') }
    const at = this.#after(previousId)
    if (at === undefined)
      return invalidRequest(
        `No item has the id '${String(previousId)}'.`,
        'previous_item_id',
        'item_not_found',
      )
    this.#items.splice(at, 0, item)
    const previous_item_id = this.#items[at - 1]?.id ?? null
    for (const what of ['added', 'done'])
      this.#send({ type: `conversation.item.${what}`, previous_item_id, item })
    return undefined
  }

  /** Where an item goes: after the one that is named, at the end where none is. */
  #after(previousId: unknown): number | undefined {
    if (previousId === undefined || previousId === null) return this.#items.length
    if (previousId === 'root') return 0
    const index = this.#items.findIndex(({ id }) => id === previousId)
    return index < 0 ? undefined : index + 1
  }

  #withItem(id: unknown, then: (item: RealtimeItem) => void): OpenAiError | undefined {
    const item = this.#items.find((item) => item.id === id)
    if (!item) return invalidRequest(`No item has the id '${String(id)}'.`, 'item_id', 'item_not_found')
    then(item)
    return undefined
  }

  #respond(given: unknown): OpenAiError | undefined {
    if (!isObject(given)) return invalidRequest("'response' is no object.", 'response')
    if (this.#active)
      return invalidRequest(
        `Conversation already has an active response in progress: ${this.#active.id}. Wait until the response is finished before creating a new one.`,
        null,
        'conversation_already_has_active_response',
      )
    const asked = { ...this.#session, ...given }
    const modalities = asked['output_modalities'] as readonly RealtimeModality[]
    if (!Array.isArray(modalities) || modalities.some((modality) => modality !== 'text'))
      return invalidRequest(
        'Sound is not played here: set \'output_modalities\' to ["text"].',
        'response.output_modalities',
        'unsupported_value',
      )
    const isOutside = given['conversation'] === 'none'
    const read = this.#read(asked, Array.isArray(given['input']) ? given['input'] : this.#items)
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
  #read(asked: JsonObject, items: readonly unknown[]) {
    const { instructions, tools, tool_choice, max_output_tokens: most, model } = asked
    const max_output_tokens = most === 'inf' ? undefined : most
    const input = items.length > 0 ? items : [greeting]
    return readResponsesRequest(
      JSON.stringify({
        model,
        input,
        ...(instructions === '' ? {} : { instructions }),
        tools,
        tool_choice,
        max_output_tokens,
        stream: true,
      }),
      () => undefined,
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
    const parts = { ...said, options }
    const stream = new RealtimeStream(parts)
    const closing = stream.closing.bind(stream)
    stream.closing = () => {
      if (options.conversationId !== undefined) this.#items.push(...realtimeOutput(parts))
      return closing()
    }
    return stream
  }

  #refuse(id: string, options: RealtimeResponseOptions, error: OpenAiError): void {
    this.#active = undefined
    for (const event of refusedResponse(id, options, error)) this.#send(event)
  }

  #cancel(): OpenAiError | undefined {
    const active = this.#active
    if (!active)
      return invalidRequest(
        'Cancellation failed: no active response found.',
        null,
        'response_cancel_not_active',
      )
    this.#active = undefined
    active.response.cancel()
    this.#send(cancelledResponse(active.id, active.options))
    return undefined
  }

  #send(event: RealtimeEvent): void {
    this.#write(JSON.stringify(event))
  }

  /** Gives it its id; not by reading it, since one that is malformed on purpose cannot be read. */
  #write(event: string, sent?: () => void): void {
    const eventId = `event_${String(this.#session['id']).slice('sess_'.length)}_${this.#events++}`
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(`{"event_id":"${eventId}",${event.slice(1)}`, () => sent?.())
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

const supported = [
  'session.update',
  'conversation.item.create',
  'conversation.item.retrieve',
  'conversation.item.delete',
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
