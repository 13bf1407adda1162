import type { DriverFactory, DriverResult, TurnObserver } from '../driver.ts'
import { jsonObject, parsedJson } from '../../wire/parsed-json.ts'
import type { EventReader, TokenReader } from './answer-readers.ts'
import type { StreamEvent } from './event-stream.ts'
import { isObject } from '../../wire/request-fields.ts'
import { completed, failed, faultOfApiError } from './fault.ts'
import { createSessionDriver } from './open-sessions.ts'
import type { PlainToken } from './token-pattern.ts'

/** The session API with streamed answers (`Accept: text/event-stream`). */
export const sessions: DriverFactory = (options) =>
  createSessionDriver(options, 'text/event-stream', (client, request, seen, signal) =>
    client.events(request, seen, signal, new SessionEvents(seen, client.redact)),
  )

class SessionEvents implements EventReader, TokenReader {
  readonly tokens: TokenReader = this
  readonly #seen: TurnObserver
  readonly #redact: (text: string) => string

  constructor(seen: TurnObserver, redact: (text: string) => string) {
    this.#seen = seen
    this.#redact = redact
  }

  read({ event: type, data: text }: StreamEvent, atMs: number): DriverResult | undefined {
    if (type !== 'token' && type !== 'done' && type !== 'error') {
      // Agents that speak this API may tell more of what they do: statuses, tool calls.
      this.#seen.working?.()
      return undefined
    }
    const data = parsedJson(text)
    if (data === undefined) return failed('protocol', `the data of a ${type} event is not valid JSON`)
    if (!isObject(data)) return failed('protocol', `the data of a ${type} event is not an object`)
    if (type === 'error') return faultOfApiError(data['error'] ?? data, this.#redact)
    if (type === 'done') return completed
    const token = tokenOf(data)
    if (!token) return failed('protocol', 'a token event has no text')
    this.take(token.text, token.count, atMs)
    return undefined
  }

  get wantsText(): boolean {
    return this.#seen.wantsText ?? true
  }

  take(text: string | undefined, count: number, atMs: number): void {
    if (text !== undefined) this.#seen.text(text)
    this.#seen.token(atMs, count)
  }

  of({ event, data }: StreamEvent): PlainToken | undefined {
    const value = event === 'token' ? jsonObject(data) : undefined
    return value && tokenOf(value)
  }
}

function tokenOf({ text, tokens }: Readonly<Record<string, unknown>>): PlainToken | undefined {
  if (typeof text !== 'string') return undefined
  return { text, count: typeof tokens === 'number' && tokens >= 0 ? tokens : 1 }
}
