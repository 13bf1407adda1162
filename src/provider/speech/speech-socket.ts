import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { monotonicMs } from '../../clock/now.ts'
import { Timer } from '../../clock/timer-wheel.ts'
import { invalidRequest, openAiErrorBody } from '../../wire/openai-error.ts'
import { jsonObject } from '../../wire/parsed-json.ts'
import type { JsonObject } from '../../wire/request-fields.ts'
import { answerBare } from '../bare-answer.ts'
import type { Face } from '../face.ts'
import type { LiveCall } from '../live-calls.ts'

/** A request that would become a WebSocket. */
export interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** The largest messages that are taken, where it is not said otherwise. */
const mostMessageBytes = 1024 * 1024

/** Takes connections whose messages have so many bytes at most. */
export function socketServer(mostBytes: number): WebSocketServer {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: mostBytes })
  server.on('wsClientError', ({ message }, socket) =>
    answerBare(socket, 400, openAiErrorBody(invalidRequest(`${message}.`))),
  )
  return server
}

const usualServer = socketServer(mostMessageBytes)
/** What a client may leave unread before it is given up. */
const mostUnreadBytes = 4 * 1024 * 1024
const graceMs = 100

/** Takes the connection; a closing provider ends it, and so does a client that does not read. */
export function acceptSocket(
  face: Face,
  { request, socket, head }: Upgrade,
  then: (opened: WebSocket) => void,
  server = usualServer,
): void {
  server.handleUpgrade(request, socket, head, (opened) => {
    const call: LiveCall = {
      cut(message) {
        opened.close(1001, message.slice(0, 120))
        face.clock.set(new Timer(() => opened.terminate()), monotonicMs() + graceMs)
      },
    }
    face.live.add(call)
    opened.on('error', () => opened.terminate())
    opened.once('close', () => face.live.delete(call))
    then(opened)
  })
}

/** Sends unless the client has left or has not read for too long; `sent` is told once it is on its way. */
export function tell(socket: WebSocket, message: string | Buffer, sent?: () => void): void {
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount > mostUnreadBytes) socket.terminate()
  else socket.send(message, () => sent?.())
}

/** A message as one buffer. */
export function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}

/** A message that should be a JSON object; undefined where it is none. */
export function objectOf(data: RawData): JsonObject | undefined {
  return jsonObject(bytesOf(data).toString('utf8'))
}

/** Refuses to become a WebSocket, with a body of JSON. */
export function refuseUpgrade({ socket }: Upgrade, status: number, body: string): void {
  answerBare(socket, status, body)
}

/** Calls `then` when `limitMs` have gone by since the last `touch`; told once. */
export class IdleLimit {
  readonly #clock: Face['clock']
  readonly #timer: Timer
  #lastMs = monotonicMs()

  constructor({ clock }: Face, limitMs: number, then: () => void) {
    this.#clock = clock
    this.#timer = new Timer((nowMs) => {
      const leftMs = this.#lastMs + limitMs - nowMs
      if (leftMs <= 0) then()
      else clock.set(this.#timer, nowMs + leftMs)
    })
    clock.set(this.#timer, this.#lastMs + limitMs)
  }

  touch(): void {
    this.#lastMs = monotonicMs()
  }

  stop(): void {
    this.#clock.clear(this.#timer)
  }
}
