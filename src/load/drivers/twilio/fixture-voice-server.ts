import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import { decodeMulaw, encodeMulaw, mulawPower } from '../../../wire/mulaw.ts'
import { agentMessages, type CarrierMessage, readCarrierMessage } from '../../../wire/twilio-media.ts'
import { streamTwiml } from '../../../wire/twiml.ts'
import { type VoiceTagKey, VoiceTagReader } from '../../../wire/voice-tag.ts'

/** How the tiny voice server of the tests behaves. */
export interface FixtureVoice {
  /** From the end of the caller's speech, which it hears 200 ms later, to its answer. */
  readonly answerAfterMs?: number
  readonly answerMs?: number
  /** It stops speaking when the caller does. */
  readonly clears?: boolean
  /** The TwiML of its webhook, in place of a stream to itself; or where else by HTTP to ask for it. */
  readonly twiml?: (
    streamUrl: string,
    path: string,
  ) => string | { readonly status: number; readonly location: string }
  /** Anything else that it does with a stream; in place of answering, unless it returns true. */
  readonly misbehaves?: (socket: WebSocket, streamSid: string) => unknown
}

export interface FixtureVoiceServer {
  readonly url: string
  readonly webhooks: {
    readonly method: string
    readonly path: string
    readonly headers: IncomingMessage['headers']
    readonly form: Record<string, string>
  }[]
  readonly tags: VoiceTagKey[]
  /** What the carrier said besides sound, by event. */
  readonly heard: CarrierMessage[]
  /** Streams that are open. */
  readonly open: () => number
  close(): Promise<void>
}

const quietMs = 200
const audible = 1e-5

/** A voice server in a few lines: it waits for the end of what is said and answers with a tone. */
export async function startFixtureVoice(how: FixtureVoice = {}): Promise<FixtureVoiceServer> {
  const server: Pick<FixtureVoiceServer, 'webhooks' | 'tags' | 'heard'> = {
    webhooks: [],
    tags: [],
    heard: [],
  }
  const http = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const path = request.url!
      server.webhooks.push({
        method: request.method!,
        path,
        headers: request.headers,
        form: Object.fromEntries(new URLSearchParams(body)),
      })
      const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/media`
      const twiml = how.twiml?.(url, path) ?? streamTwiml({ url, parameters: { greeting: 'none' } })
      if (typeof twiml === 'string') response.setHeader('content-type', 'text/xml').end(twiml)
      else response.writeHead(twiml.status, { location: twiml.location }).end()
    })
  })
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
  sockets.on('connection', (socket) => {
    const stream = new FixtureStream(socket, how, server)
    socket.on('message', (data) => stream.read((data as Buffer).toString()))
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    ...server,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    open: () => sockets.clients.size,
    async close() {
      for (const client of sockets.clients) client.terminate()
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
    },
  }
}

/** A tone as frames of the media stream's payload. */
export function tone(ms: number): string {
  return Buffer.from(encodeMulaw(linearTone(ms))).toString('base64')
}

/** A tone as samples of 16 bits. */
export function linearTone(ms: number): Int16Array {
  return Int16Array.from({ length: ms * 8 }, (_, i) => 8000 * Math.sin((2 * Math.PI * 440 * i) / 8000))
}

class FixtureStream {
  readonly #socket: WebSocket
  readonly #how: FixtureVoice
  readonly #server: Pick<FixtureVoiceServer, 'tags' | 'heard'>
  readonly #tags = new VoiceTagReader(8000)
  #streamSid = ''
  #spoken = false
  #quietMs = 0
  #answers = 0
  #answersToo = false

  constructor(socket: WebSocket, how: FixtureVoice, server: Pick<FixtureVoiceServer, 'tags' | 'heard'>) {
    this.#socket = socket
    this.#how = how
    this.#server = server
  }

  read(text: string): void {
    const message = readCarrierMessage(text)
    if (message.event === 'fault') throw new Error(message.message)
    if (message.event !== 'media') this.#server.heard.push(message)
    if (message.event === 'start') {
      this.#streamSid = message.names.streamSid
      this.#answersToo = this.#how.misbehaves?.(this.#socket, this.#streamSid) === true
    }
    if (message.event === 'media') this.#hear(Buffer.from(message.payload, 'base64'))
  }

  #hear(sound: Uint8Array): void {
    this.#server.tags.push(...this.#tags.read(decodeMulaw(sound)))
    if (this.#how.misbehaves && !this.#answersToo) return
    if (mulawPower(sound) > audible) {
      if (!this.#spoken && this.#how.clears) this.#socket.send(agentMessages.clear(this.#streamSid))
      this.#spoken = true
      this.#quietMs = 0
    } else if (this.#spoken && (this.#quietMs += 20) >= quietMs) {
      this.#spoken = false
      void this.#answer()
    }
  }

  async #answer(): Promise<void> {
    await wait(this.#how.answerAfterMs ?? 0)
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(agentMessages.media(this.#streamSid, tone(this.#how.answerMs ?? 200)))
    this.#socket.send(agentMessages.mark(this.#streamSid, `answer ${this.#answers++}`))
  }
}
