// The official client of the Realtime API, for tests.
import { once } from 'node:events'
import { connect } from 'node:net'
import OpenAI from 'openai'
import { OpenAIRealtimeWS } from 'openai/realtime/ws'
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { Provider } from '../src/provider/start-provider.ts'

type Said<T extends RealtimeServerEvent['type']> = Extract<RealtimeServerEvent, { type: T }>

/** Hears all that is said, in order. */
export class RealtimeClient {
  readonly heard: RealtimeServerEvent[] = []
  readonly closed: Promise<unknown>
  readonly failed: Promise<unknown>
  readonly #socket: OpenAIRealtimeWS
  #waiting: (() => void) | undefined

  /** It speaks TLS whatever its address says; that alone is taken from it. */
  constructor({ url, port }: Provider) {
    const api = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any' })
    const options = { createConnection: () => connect(port, '127.0.0.1') }
    this.#socket = new OpenAIRealtimeWS({ model: 'any', options }, api)
    this.closed = once(this.#socket.socket, 'close')
    this.#socket.on('event', (event) => {
      this.heard.push(event)
      this.#waiting?.()
    })
    this.failed = new Promise((resolve) => this.#socket.on('error', resolve))
  }

  say(...events: RealtimeClientEvent[]): void {
    for (const event of events) this.#socket.send(event)
  }

  /** The next event of a type, among those that were not looked at yet. */
  async next<T extends RealtimeServerEvent['type']>(type: T): Promise<Said<T>> {
    for (;;) {
      const index = this.heard.findIndex((event) => event.type === type)
      if (index >= 0) return this.heard.splice(0, index + 1).at(-1) as Said<T>
      await new Promise<void>((resolve) => (this.#waiting = resolve))
    }
  }

  /** The next event of any type. */
  async any(): Promise<RealtimeServerEvent> {
    for (;;) {
      const event = this.heard.shift()
      if (event) return event
      await new Promise<void>((resolve) => (this.#waiting = resolve))
    }
  }

  close(): void {
    this.#socket.close()
  }
}
