import type { DriverFactory, DriverResult, TurnObserver } from '../driver.ts'
import { completed, failed, faultOfApiError, isObject } from './fault.ts'
import { createHttpClient } from './http-client.ts'
import { traceHeaders } from './open-sessions.ts'

interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

const maxRememberedCharacters = 32_000

/** Any OpenAI-compatible endpoint: streamed chat completions, with each user's history kept here. */
export const openai: DriverFactory = (options) => {
  const client = createHttpClient({ ...options, url: baseUrl(options.url) })
  const histories = new Map<number, Message[]>()
  return {
    async turn(turn, seen, signal) {
      const history = histories.get(turn.session) ?? []
      const message: Message = { role: 'user', content: turn.text }
      const answer = new Answer(seen, client.redact)
      const result = await client.events(
        {
          method: 'POST',
          path: '/chat/completions',
          headers: ['content-type', 'application/json', 'accept', 'text/event-stream', ...traceHeaders(turn)],
          body: JSON.stringify({
            model: options.model,
            messages: [...history, message],
            stream: true,
            stream_options: { include_usage: true },
            ...(options.maxTokens === undefined ? {} : { max_tokens: options.maxTokens }),
          }),
          session: turn.session,
        },
        seen,
        signal,
        (event, atMs) => answer.read(event.data, atMs),
      )
      if (turn.last) {
        histories.delete(turn.session)
        client.release(turn.session)
      } else if (result.outcome === 'completed') {
        const all: Message[] = [...history, message, { role: 'assistant', content: answer.text }]
        histories.set(turn.session, all.slice(Math.max(0, all.length - options.historyMessages)))
      }
      return result
    },
    close: () => client.close(),
  }
}

/** One answer while it streams. */
class Answer {
  text = ''
  readonly #seen: TurnObserver
  readonly #redact: (text: string) => string

  constructor(seen: TurnObserver, redact: (text: string) => string) {
    this.#seen = seen
    this.#redact = redact
  }

  read(data: string, atMs: number): DriverResult | undefined {
    if (data === '[DONE]') return completed
    let chunk: unknown
    try {
      chunk = JSON.parse(data)
    } catch {
      return failed('protocol', 'a chunk of the stream is not valid JSON')
    }
    if (!isObject(chunk)) return failed('protocol', 'a chunk of the stream is not an object')
    if (chunk['error']) return faultOfApiError(chunk['error'], this.#redact)
    const choice: unknown = Array.isArray(chunk['choices']) ? chunk['choices'][0] : undefined
    const delta = isObject(choice) ? choice['delta'] : undefined
    const content = isObject(delta) ? delta['content'] : undefined
    if (typeof content !== 'string' || content === '') return undefined
    if (this.text.length < maxRememberedCharacters) this.text += content
    this.#seen.text(content)
    this.#seen.token(atMs, 1)
    return undefined
  }
}

/** `http://host:8000` stands for its `/v1`, as the field's clients have it. */
function baseUrl(url: string): string {
  const parsed = new URL(url)
  if (parsed.pathname === '/' || parsed.pathname === '') parsed.pathname = '/v1'
  return parsed.href
}
