import type { Duplex } from 'node:stream'
import type { Dispatcher, WebSocket } from 'undici'
import { httpLibrary } from '../edge/http-library.ts'
import type { IncomingHttpHeaders } from 'undici/types/header.js'
import type { DriverResult } from '../driver.ts'
import { contentType, failed, faultOfContentType, faultOfError, faultOfStatus } from './fault.ts'
import { endedEarly, maxErrorBytes } from './answer-readers.ts'
import { IncomingText } from './incoming-text.ts'

export interface Handshake {
  readonly url: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly protocols: readonly string[]
  readonly redact: (text: string) => string
  readonly observe: (status: number, headers: IncomingHttpHeaders) => void
}

/** One WebSocket, from its handshake to its end: every fault of the target is a result. */
export class SocketConnection {
  /** Resolves when the target is ready to talk, or with `fault` set. */
  readonly opened: Promise<void>
  /** Why the connection is no more. */
  fault: DriverResult | undefined
  onMessage: ((data: unknown) => void) | undefined
  onGone: ((fault: DriverResult) => void) | undefined
  readonly #handshake: Handshake
  #socket: WebSocket | undefined
  #stream: Duplex | undefined
  #controller: Dispatcher.DispatchController | undefined
  #isTalking = false
  /** The bytes ended or broke, rather than being refused by the reader of their frames. */
  #endedByTarget = false
  #open: () => void = () => {}

  constructor(connections: Dispatcher, handshake: Handshake) {
    this.#handshake = handshake
    this.opened = new Promise((resolve) => (this.#open = resolve))
    const { url, headers, protocols } = handshake
    // The dispatcher between tells what an upgrade was answered with, which a WebSocket keeps to itself.
    const dispatcher = connections.compose(
      (dispatch) => (options, handler) => dispatch(options, this.#watch(handler)),
    )
    try {
      this.#socket = new (httpLibrary().WebSocket)(url, {
        protocols: [...protocols],
        dispatcher,
        headers: pairs(headers),
      })
      this.#listen(this.#socket)
    } catch (error) {
      this.#gone(failed('connect', `the handshake cannot be sent (${(error as Error).name})`))
    }
  }

  get isOpen(): boolean {
    return (
      this.#socket !== undefined && this.#socket.readyState === this.#socket.OPEN && this.fault === undefined
    )
  }

  send(data: string): void {
    this.#socket?.send(data)
  }

  /** Says goodbye; the target ends the connection. */
  close(): void {
    this.#socket?.close(1000)
  }

  /** Ends the connection at once. */
  cut(): void {
    this.#gone(cutByUs)
    if (this.#stream) this.#stream.destroy()
    else this.#controller?.abort(new Error('cut'))
  }

  #listen(socket: WebSocket): void {
    socket.addEventListener('open', () => {
      this.#isTalking = true
      this.#open()
    })
    socket.addEventListener('message', ({ data }) => this.onMessage?.(data))
    socket.addEventListener('close', ({ code }) =>
      this.#gone(this.#isTalking ? faultOfClose(code, this.#endedByTarget) : disagreed),
    )
  }

  #gone(fault: DriverResult): void {
    if (this.fault) return
    this.fault = fault
    this.#open()
    this.onGone?.(fault)
  }

  #watch(inner: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    const { redact, observe } = this.#handshake
    let status = 0
    let headers: IncomingHttpHeaders = {}
    let body = ''
    const incoming = new IncomingText()
    const refuse = (controller: Dispatcher.DispatchController): void => {
      const isSuccess = status >= 200 && status < 300
      this.#gone(
        isSuccess && (contentType(headers) !== '' || body !== '')
          ? faultOfContentType(headers, 'a WebSocket')
          : faultOfStatus(status, headers, body, redact),
      )
      controller.abort(new Error('refused'))
    }
    return {
      onRequestStart: (controller, context) => {
        this.#controller = controller
        inner.onRequestStart?.(controller, context)
        if (this.fault) controller.abort(new Error('cut'))
      },
      onResponseStarted: () => inner.onResponseStarted?.(),
      onRequestUpgrade: (controller, code, answered, stream) => {
        this.#stream = stream
        const ended = (): void => void (this.#endedByTarget = true)
        stream.once('end', ended).once('error', ended)
        observe(code, answered)
        inner.onRequestUpgrade?.(controller, code, answered, stream)
        if (this.fault) stream.destroy()
      },
      onResponseStart: (_, code, answered) => {
        if (code < 200) return
        status = code
        headers = answered
        observe(code, answered)
      },
      onResponseData: (controller, chunk) => {
        body += incoming.write(chunk, 0, chunk.length)
        if (body.length > maxErrorBytes) refuse(controller)
      },
      onResponseEnd: (controller) => {
        refuse(controller)
        inner.onResponseError?.(controller, new Error('refused'))
      },
      onResponseError: (controller, error) => {
        this.#gone(faultOfError(error, status))
        inner.onResponseError?.(controller, error)
      },
    }
  }
}

const disagreed = failed('protocol', 'the target does not agree to the WebSocket handshake')
const cutByUs = failed('protocol', 'the connection was cut')

/** A close with a goodbye is an answer that ended too early; without one the connection broke. */
function faultOfClose(code: number, byTarget: boolean): DriverResult {
  if (code === 1012 || code === 1013)
    return failed('http_5xx', `the target closed with ${code}, try again later`)
  if (code !== 1006) return endedEarly()
  return byTarget
    ? failed('protocol', 'the target closed the connection in the middle of its answer')
    : failed('protocol', 'the target sent no WebSocket message, or one longer than 1 MB')
}

function pairs(headers: readonly string[]): [string, string][] {
  return headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]!]] : []))
}
