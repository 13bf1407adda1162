import type { ModelUsage } from '../../wire/model-answer.ts'
import type { Driver, DriverOptions, DriverResult, DriverTurn, TurnObserver } from '../driver.ts'
import { parsedJson } from '../../wire/parsed-json.ts'
import type { EventReader, TokenReader } from './answer-readers.ts'
import type { StreamEvent } from './event-stream.ts'
import { isObject } from '../../wire/request-fields.ts'
import { failed } from './fault.ts'
import { openClient } from './open-client.ts'
import { traceHeaders } from './open-sessions.ts'
import type { PlainToken } from './token-pattern.ts'

/** A message of a conversation, as every model API has it. */
export interface ChatMessage {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** How one API is asked, and how its stream is read. */
export interface ModelProtocol {
  readonly path: string
  /** Names and values in turn. */
  readonly headers?: readonly string[]
  /** The path that a target without one stands for; `/v1` where not written. */
  readonly bareHost?: string
  body(messages: readonly ChatMessage[], turn: DriverTurn): unknown
  /** Reads one event's object; a result ends the answer. */
  read(event: Readonly<Record<string, unknown>>, answer: StreamedAnswer): DriverResult | undefined
  /** What an event that is no JSON means, where the API has such. */
  readonly endMark?: { readonly data: string; readonly result: DriverResult }
}

/** One answer while it streams. */
export interface StreamedAnswer {
  readonly redact: (text: string) => string
  say(part: unknown): void
  /** The model thinks or asks for a tool. */
  works(): void
  /** What the API has told of its tokens; the last word counts. */
  usage: ModelUsage | undefined
}

const maxRememberedCharacters = 32_000

/** A driver of a model endpoint: streamed answers, with each user's history kept here. */
export function createModelDriver(options: DriverOptions, protocol: ModelProtocol): Driver {
  const client = openClient(options, baseUrl(options.url, protocol.bareHost ?? '/v1'))
  const histories = new Map<number, readonly ChatMessage[]>()

  function leave(session: number): void {
    histories.delete(session)
    client.release(session)
    client.leave?.(session)
  }

  return {
    ready: client.ready,
    request: client.request,
    leave,
    async turn(turn, seen, signal) {
      const history = histories.get(turn.session) ?? []
      const message: ChatMessage = { role: 'user', content: turn.text }
      const remembers = !turn.last && options.historyMessages > 0
      const answer = new Answer(protocol, seen, client.redact, remembers)
      const result = await client.events(
        {
          method: 'POST',
          path: protocol.path,
          headers: [
            'content-type',
            'application/json',
            'accept',
            'text/event-stream',
            ...(protocol.headers ?? []),
            ...traceHeaders(turn),
          ],
          body: JSON.stringify(protocol.body([...history, message], turn)),
          session: turn.session,
        },
        seen,
        signal,
        answer,
      )
      if (turn.last) leave(turn.session)
      else if (result.outcome === 'completed') {
        const all: ChatMessage[] = [...history, message, { role: 'assistant', content: answer.text }]
        histories.set(turn.session, all.slice(Math.max(0, all.length - options.historyMessages)))
      }
      return result
    },
    close: () => client.close(),
  }
}

function readData(protocol: ModelProtocol, data: string, answer: StreamedAnswer): DriverResult | undefined {
  if (data === protocol.endMark?.data) return protocol.endMark.result
  const event = parsedJson(data)
  if (event === undefined) return failed('protocol', 'a chunk of the stream is not valid JSON')
  if (!isObject(event)) return failed('protocol', 'a chunk of the stream is not an object')
  return protocol.read(event, answer)
}

class Answer implements StreamedAnswer, EventReader, TokenReader {
  readonly redact: (text: string) => string
  readonly tokens: TokenReader = this
  readonly #protocol: ModelProtocol
  readonly #seen: TurnObserver
  /** The conversation goes on with what was said. */
  readonly #remembers: boolean
  #text = ''
  #atMs = NaN
  #usage: ModelUsage | undefined

  constructor(
    protocol: ModelProtocol,
    seen: TurnObserver,
    redact: (text: string) => string,
    remembers: boolean,
  ) {
    this.#protocol = protocol
    this.#seen = seen
    this.redact = redact
    this.#remembers = remembers
  }

  get text(): string {
    return this.#text
  }

  read({ data }: StreamEvent, atMs: number): DriverResult | undefined {
    this.#atMs = atMs
    return readData(this.#protocol, data, this)
  }

  get usage(): ModelUsage | undefined {
    return this.#usage
  }

  set usage(usage: ModelUsage) {
    this.#usage = usage
    this.#seen.usage?.(usage)
  }

  works(): void {
    this.#seen.working?.()
  }

  say(part: unknown): void {
    if (typeof part === 'string' && part !== '') this.take(part, 1, this.#atMs)
  }

  get wantsText(): boolean {
    const remembersMore = this.#remembers && this.#text.length < maxRememberedCharacters
    return remembersMore || (this.#seen.wantsText ?? true)
  }

  take(text: string | undefined, count: number, atMs: number): void {
    if (text !== undefined) {
      if (this.#remembers && this.#text.length < maxRememberedCharacters) this.#text += text
      this.#seen.text(text)
    }
    this.#seen.token(atMs, count)
  }

  of({ data }: StreamEvent): PlainToken | undefined {
    const heard = new Heard()
    const result = readData(this.#protocol, data, heard)
    return result || heard.saysMore || heard.text === '' ? undefined : { text: heard.text, count: 1 }
  }
}

/** What an event says, for nobody. */
class Heard implements StreamedAnswer {
  text = ''
  saysMore = false
  readonly redact = (text: string): string => text

  say(part: unknown): void {
    if (typeof part !== 'string' || part === '') return
    this.saysMore ||= this.text !== ''
    this.text = part
  }

  works(): void {
    this.saysMore = true
  }

  get usage(): undefined {
    return undefined
  }

  set usage(_: ModelUsage) {
    this.saysMore = true
  }
}

/** `http://host:8000` stands for its `/v1`, as the field's clients have it. */
function baseUrl(url: string, bareHost: string): string {
  const parsed = new URL(url)
  if (parsed.pathname === '/' || parsed.pathname === '') parsed.pathname = bareHost
  return parsed.href
}
