import { WebSocket } from 'ws'
import {
  connectedMessage,
  dtmfMessage,
  markMessage,
  mediaFrame,
  mediaMessage,
  type MediaStreamNames,
  readAgentMessage,
  startMessage,
  stopMessage,
} from '../../../wire/twilio-media.ts'
import type { CallLine, LineEnd, LineEvents } from '../../calls/call-driver.ts'

/** Longest message of an agent, and what may wait to be read by it: a quarter of a minute of sound. */
const maxMessageBytes = 1_000_000
const mostUnreadBytes = 256_000
const handshakeMs = 10_000
/** How long an agent may take to answer the goodbye. */
const closingMs = 1000

export interface MediaStreamOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly names: MediaStreamNames
  readonly parameters: Readonly<Record<string, string>>
  readonly events: LineEvents
  /** Its socket is no more, whoever ended it. */
  readonly released: () => void
  readonly signal: AbortSignal
  readonly now: () => number
  readonly at: (atMs: number, ring: () => void) => { cancel(): void }
}

/** Opens a media stream as the carrier does: `connected`, `start`, and sound from then on. A text says why not. */
export function openMediaStream(options: MediaStreamOptions): Promise<MediaLine | string> {
  return new Promise((resolve) => {
    let socket: WebSocket
    try {
      socket = new WebSocket(options.url, {
        headers: { ...options.headers },
        perMessageDeflate: false,
        maxPayload: maxMessageBytes,
        handshakeTimeout: handshakeMs,
        skipUTF8Validation: true,
      })
    } catch {
      resolve('the stream’s address is no WebSocket address')
      return
    }
    const cut = (): void => socket.terminate()
    const settle = (result: MediaLine | string): void => {
      options.signal.removeEventListener('abort', cut)
      resolve(result)
    }
    options.signal.addEventListener('abort', cut)
    socket.once('unexpected-response', (_, response) => {
      settle(`the stream’s handshake was answered with ${response.statusCode}`)
      response.destroy()
      socket.terminate()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => settle(connectFault(error)))
    socket.once('close', () => settle('the stream was closed before it began'))
    socket.once('open', () => {
      socket.removeAllListeners('error').removeAllListeners('close')
      settle(new MediaLine(socket, options))
    })
    if (options.signal.aborted) cut()
  })
}

function connectFault({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'the agent’s stream refuses connections'
  if (message.includes('timed out')) return 'the agent’s stream does not answer the handshake'
  return `the agent’s stream cannot be opened (${code ?? 'no WebSocket'})`
}

/** One media stream that is up. */
export class MediaLine implements CallLine {
  readonly #socket: WebSocket
  readonly #options: MediaStreamOptions
  readonly #startedMs: number
  /** The messages `start` and on have numbers. */
  #sequence = 1
  #chunk = 0
  #isOver = false

  constructor(socket: WebSocket, options: MediaStreamOptions) {
    this.#socket = socket
    this.#options = options
    this.#startedMs = options.now()
    socket.on('message', (data, isBinary) => this.#read(data as Buffer, isBinary))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#broke(wordsOf(error)))
    socket.on('close', (code) => {
      this.#closed(code)
      options.released()
    })
    socket.send(connectedMessage)
    socket.send(startMessage(options.names, options.parameters))
  }

  frame(payload: string): void {
    if (this.#isOver) return
    if (this.#socket.bufferedAmount > mostUnreadBytes) {
      this.#broke('the agent does not read its stream')
      return
    }
    const atMs = this.#chunk * mediaFrame.ms
    const { streamSid } = this.#options.names
    this.#socket.send(mediaMessage(streamSid, ++this.#sequence, ++this.#chunk, atMs, payload))
  }

  press(digit: string): void {
    this.#say(dtmfMessage(this.#options.names.streamSid, ++this.#sequence, digit))
  }

  marked(name: string): void {
    this.#say(markMessage(this.#options.names.streamSid, ++this.#sequence, name))
  }

  hangUp(): void {
    if (this.#isOver) return
    this.#say(stopMessage(this.#options.names, ++this.#sequence))
    this.#isOver = true
    this.#socket.close(1000)
    const { at, now } = this.#options
    const alarm = at(now() + closingMs, () => this.#socket.terminate())
    this.#socket.once('close', () => alarm.cancel())
  }

  /** Ends the connection at once. */
  cut(): void {
    this.#isOver = true
    this.#socket.terminate()
  }

  get lastedMs(): number {
    return this.#options.now() - this.#startedMs
  }

  #say(message: string): void {
    if (!this.#isOver) this.#socket.send(message)
  }

  #read(data: Buffer, isBinary: boolean): void {
    if (this.#isOver) return
    if (isBinary) {
      this.#broke('the agent sent bytes where JSON was expected')
      return
    }
    const message = readAgentMessage(data.toString('latin1'))
    const { events } = this.#options
    if (message.event === 'media') this.#hear(message.payload)
    else if (message.event === 'mark') events.mark(message.name)
    else if (message.event === 'clear') events.clear()
    else this.#broke(`the agent sent ${message.message}`)
  }

  #hear(payload: string): void {
    if (payload.startsWith(wavHeader)) this.#broke('the agent sent a WAV file where mu-law was expected')
    else this.#options.events.media(Buffer.from(payload, 'base64'))
  }

  #closed(code: number): void {
    const how = code === 1006 ? 'broken' : 'byAgent'
    this.#end({ how, ...(how === 'broken' ? { message: 'the agent’s stream broke' } : {}) })
  }

  #broke(message: string): void {
    this.#end({ how: 'broken', message })
    this.#socket.terminate()
  }

  #end(end: LineEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.events.ended(end)
  }
}

/** `RIFF` in base64. */
const wavHeader = 'UklGR'

function wordsOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'the agent sent a message longer than 1 MB'
  return `the agent’s stream broke (${code ?? 'no WebSocket'})`
}
