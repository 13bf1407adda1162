import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import type { OpenAiError } from '../../wire/openai-error.ts'
import type { Headers } from '../spoken-api.ts'

/** What becomes of an answer's body on a WebSocket. */
export interface MessageSink {
  readonly socket: WebSocket
  /** Sends the message that a line is; `sent` is told once the socket has taken it. */
  line(text: string, sent?: () => void): void
  /** The answer begins. */
  began(headers: Headers): void
  refused(error: OpenAiError): void
}

/**
 * What an HTTP answer is on a WebSocket: each line of its body is a message, and a body that is not one of status 200
 * is a refusal. It has as much of `ServerResponse` as a model call asks of one.
 */
export class MessageResponse extends EventEmitter {
  readonly writableHighWaterMark = 16_384
  readonly socket = null
  readonly chunkedEncoding = false
  headersSent = false
  destroyed = false
  writableEnded = false
  writableFinished = false
  readonly req: IncomingMessage
  readonly #sink: MessageSink
  #status = 200

  constructor(request: IncomingMessage, sink: MessageSink) {
    super()
    this.req = request
    this.#sink = sink
  }

  writeHead(status: number, headers: Headers): this {
    this.headersSent = true
    this.#status = status
    if (status === 200) this.#sink.began(headers)
    return this
  }

  /** False where the client does not read; `drain` tells when it has. */
  write(text: string, encodingOrWritten?: BufferEncoding | (() => void)): boolean {
    const lines = text.split('\n').filter((line) => line !== '')
    lines.slice(0, -1).forEach((line) => this.#sink.line(line))
    const last = lines.at(-1)
    const isTaken = this.#sink.socket.bufferedAmount < this.writableHighWaterMark
    const sent = (): void => {
      if (typeof encodingOrWritten === 'function') encodingOrWritten()
      if (!isTaken) this.emit('drain')
    }
    if (last === undefined) sent()
    else this.#sink.line(last, sent)
    return isTaken
  }

  end(text: string): void {
    this.writableEnded = true
    const finish = (): void => {
      if (this.destroyed) return
      this.writableFinished = true
      this.emit('finish')
      this.emit('close')
    }
    if (this.#status === 200) this.write(text, finish)
    else {
      const { error } = JSON.parse(text) as { readonly error: Omit<OpenAiError, 'status'> }
      this.#sink.refused({ status: this.#status, ...error })
      finish()
    }
  }

  /** The client does not want it any more. */
  cancel(): void {
    if (this.destroyed || this.writableEnded) return
    this.destroyed = true
    this.emit('close')
  }

  /** Breaks the connection. */
  destroy(): void {
    this.cancel()
    this.#sink.socket.terminate()
  }
}
