import type {
  CallDriver,
  CallDriverFactory,
  CallDriverOptions,
  CallLine,
  LineEvents,
  NoLine,
  OutgoingCall,
} from '../../calls/call-driver.ts'
import { jsonObject } from '../../../wire/parsed-json.ts'
import { mediaFrame } from '../../../wire/twilio-media.ts'
import { type CallSocket, openCallSocket } from '../call-socket.ts'

const usualPath = '/v1/realtime'

/** The telephone's own encoding both ways, and turns that the agent tells by itself. */
const sessionUpdate = JSON.stringify({
  type: 'session.update',
  session: {
    type: 'realtime',
    output_modalities: ['audio'],
    audio: {
      input: { format: { type: 'audio/pcmu' }, turn_detection: { type: 'server_vad' } },
      output: { format: { type: 'audio/pcmu' } },
    },
  },
})

/** Calls to speech-to-speech agents that speak OpenAI's Realtime API over a WebSocket (as of November 2026). */
export const realtime: CallDriverFactory = (options) => new RealtimeDriver(options)

class RealtimeDriver implements CallDriver {
  readonly #options: CallDriverOptions
  readonly #sockets = new Set<CallSocket>()

  constructor(options: CallDriverOptions) {
    this.#options = options
  }

  async call(call: OutgoingCall, events: LineEvents, signal: AbortSignal): Promise<CallLine | NoLine> {
    const { headers, tls, now, at } = this.#options
    const url = this.#address()
    if (!this.#options.isAllowed(url))
      return { how: 'failed', message: 'the agent is not on this machine: --allow-target' }
    let opened: CallSocket | undefined
    const player = new SentSound(events)
    const socket = await openCallSocket({
      url,
      headers: { ...headers, traceparent: call.traceparent },
      ...(tls === undefined ? {} : { tls }),
      signal,
      read: (bytes) => player.read(bytes.toString(), (message) => opened?.send(message)),
      ended: (end) => events.ended(end),
      released: () => void (opened && this.#sockets.delete(opened)),
      now,
      at,
    })
    if (typeof socket === 'string') return { how: 'failed', message: socket }
    opened = socket
    this.#sockets.add(socket)
    socket.send(sessionUpdate)
    return new RealtimeLine(socket)
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.cut()
    return Promise.resolve()
  }

  #address(): string {
    const url = new URL(this.#options.url)
    url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:'
    if (url.pathname === '/') url.pathname = usualPath
    if (!url.searchParams.has('model')) url.searchParams.set('model', this.#options.model)
    return url.href
  }
}

/** A conversation that is up: it has no keys to press, and no marks. */
class RealtimeLine implements CallLine {
  readonly #socket: CallSocket

  constructor(socket: CallSocket) {
    this.#socket = socket
  }

  frame(payload: string): void {
    this.#socket.send(`{"type":"input_audio_buffer.append","audio":"${payload}"}`)
  }

  press(): void {}

  marked(): void {}

  hangUp(): void {
    this.#socket.close()
  }
}

/** What the agent says, and what of it the caller has to be told was never heard. */
class SentSound {
  readonly #events: LineEvents
  /** The item that is being said, and how much of it has come. */
  #item = ''
  #sentMs = 0

  constructor(events: LineEvents) {
    this.#events = events
  }

  /** A message of the agent's; a text says why it is none. */
  read(text: string, say: (message: string) => void): string | undefined {
    const message = jsonObject(text)
    if (!message) return 'the agent sent a message that is no JSON object'
    switch (message['type']) {
      // The older name is that of the preview.
      case 'response.output_audio.delta':
      case 'response.audio.delta':
        return this.#hear(message)
      case 'input_audio_buffer.speech_started':
        this.#takeBack(say)
        return undefined
      case 'error':
        return isOfTruncation(message) ? undefined : `the agent reports ${errorOf(message)}`
      default:
        return undefined
    }
  }

  #hear({ delta, item_id: item }: Readonly<Record<string, unknown>>): string | undefined {
    if (typeof delta !== 'string') return 'the agent sent sound without a delta'
    const sound = Buffer.from(delta, 'base64')
    if (typeof item === 'string' && item !== this.#item) {
      this.#item = item
      this.#sentMs = 0
    }
    this.#sentMs += (sound.length * mediaFrame.ms) / mediaFrame.bytes
    this.#events.media(sound)
    return undefined
  }

  /** Whoever plays the sound stops, and says how much of it was heard. */
  #takeBack(say: (message: string) => void): void {
    const unplayedMs = this.#events.clear()
    if (this.#item === '') return
    say(
      JSON.stringify({
        type: 'conversation.item.truncate',
        event_id: truncation,
        item_id: this.#item,
        content_index: 0,
        audio_end_ms: Math.max(0, Math.round(this.#sentMs - unplayedMs)),
      }),
    )
    this.#item = ''
  }
}

const truncation = 'plimsoll_truncate'

function isOfTruncation({ error }: Readonly<Record<string, unknown>>): boolean {
  return (error as { event_id?: unknown } | undefined)?.event_id === truncation
}

function errorOf({ error }: Readonly<Record<string, unknown>>): string {
  const { code, type } = (error ?? {}) as { code?: unknown; type?: unknown }
  return typeof code === 'string' ? code : typeof type === 'string' ? type : 'an error'
}
