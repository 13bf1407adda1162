import type { Driver, DriverOptions, DriverResult, DriverTurn, TurnObserver, TurnUsage } from '../driver.ts'
import { failed, isObject } from './fault.ts'
import { openClient } from './open-client.ts'
import { traceHeaders } from './open-sessions.ts'

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
  /** Token counts in the API's own words; what is no count is left out. */
  usage(counts: { input?: unknown; cached?: unknown; output?: unknown }): void
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
      const answer = new Answer(seen, client.redact)
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
        ({ data }, atMs) => {
          answer.atMs = atMs
          return readData(protocol, data, answer)
        },
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

function readData(protocol: ModelProtocol, data: string, answer: Answer): DriverResult | undefined {
  if (data === protocol.endMark?.data) return protocol.endMark.result
  let event: unknown
  try {
    event = JSON.parse(data)
  } catch {
    return failed('protocol', 'a chunk of the stream is not valid JSON')
  }
  if (!isObject(event)) return failed('protocol', 'a chunk of the stream is not an object')
  return protocol.read(event, answer)
}

class Answer implements StreamedAnswer {
  text = ''
  atMs = NaN
  readonly redact: (text: string) => string
  readonly #seen: TurnObserver
  #usage: TurnUsage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 }

  constructor(seen: TurnObserver, redact: (text: string) => string) {
    this.#seen = seen
    this.redact = redact
  }

  usage({ input, cached, output }: { input?: unknown; cached?: unknown; output?: unknown }): void {
    this.#usage = {
      inputTokens: countOr(input, this.#usage.inputTokens),
      cachedTokens: countOr(cached, this.#usage.cachedTokens),
      outputTokens: countOr(output, this.#usage.outputTokens),
    }
    this.#seen.usage?.(this.#usage)
  }

  works(): void {
    this.#seen.working?.()
  }

  say(part: unknown): void {
    if (typeof part !== 'string' || part === '') return
    if (this.text.length < maxRememberedCharacters) this.text += part
    this.#seen.text(part)
    this.#seen.token(this.atMs, 1)
  }
}

const countOr = (value: unknown, known: number): number =>
  typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : known

/** `http://host:8000` stands for its `/v1`, as the field's clients have it. */
function baseUrl(url: string, bareHost: string): string {
  const parsed = new URL(url)
  if (parsed.pathname === '/' || parsed.pathname === '') parsed.pathname = bareHost
  return parsed.href
}
