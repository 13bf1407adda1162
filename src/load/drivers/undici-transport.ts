import { subscribe } from 'node:diagnostics_channel'
import type { Dispatcher } from 'undici'
import { monotonicMs } from '../../clock/now.ts'
import type { DriverOptions } from '../driver.ts'
import { dispatcherTo, isProxied } from './dispatcher-to.ts'
import { type Exchange, type Transport, type TransportHandler, wasClosedIdle } from './transport.ts'

type Needs = Pick<DriverOptions, 'connections' | 'connection' | 'proxies'>

/** Any HTTP that undici speaks: TLS, HTTP/2, proxies, whatever a target needs beyond plain sockets. */
export function undiciTransport(target: URL, options: Needs, nowMs: () => number = monotonicMs): Transport {
  const { connections } = options
  const dispatcher = dispatcherTo(target, options, {
    connections: Number.isFinite(connections) ? connections : null,
  })
  // A plain request through a proxy is rewritten by the library, which reads its headers only by name.
  const byName = target.protocol === 'http:' && isProxied(target, options)
  watchSockets()
  return {
    send({ method, path, headers, body }, handler) {
      const request = {
        origin: target.origin,
        path,
        method,
        headers: byName ? named(headers) : [...headers],
        body: body ?? null,
      }
      return new DispatchedExchange(dispatcher, request, handler, nowMs)
    },
    close: () => dispatcher.destroy(),
  }
}

class DispatchedExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly #dispatcher: Dispatcher
  readonly #request: Dispatcher.DispatchOptions
  readonly #handler: TransportHandler
  readonly #nowMs: () => number
  #socket: object | undefined
  #controller: Dispatcher.DispatchController | undefined
  #over = false
  #isAnswered = false
  #wasSentAgain = false
  #sentMs = 0
  /** How long the connection had lain idle before. */
  #idleMs = 0

  constructor(
    dispatcher: Dispatcher,
    request: Dispatcher.DispatchOptions,
    handler: TransportHandler,
    nowMs: () => number,
  ) {
    this.#nowMs = nowMs
    this.#dispatcher = dispatcher
    this.#request = request
    this.#handler = handler
    dispatcher.dispatch(request, this)
  }

  cut(): void {
    if (this.#over) return
    this.#over = true
    this.#controller?.abort(new Error('cut'))
  }

  pause(): void {
    if (!this.#over) this.#controller?.pause()
  }

  resume(): void {
    if (!this.#over) this.#controller?.resume()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) controller.abort(new Error('cut'))
    else begins(this)
  }

  /** Its first bytes are there. */
  onResponseStarted(): void {
    this.#isAnswered = true
  }

  onResponseStart(_: unknown, status: number, headers: Parameters<TransportHandler['head']>[1]): void {
    if (status >= 200 && !this.#over) this.#handler.head(status, headers)
  }

  onResponseData(_: unknown, bytes: Buffer): void {
    if (!this.#over) this.#handler.data(bytes, 0, bytes.length)
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#over = true
    if (this.#socket) idleSinceMs.set(this.#socket, this.#nowMs())
    this.#handler.end()
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#over) return
    if (this.#wasClosedIdle(error)) {
      this.#wasSentAgain = true
      this.#dispatcher.dispatch(this.#request, this)
      this.#handler.sentAgain?.()
      return
    }
    this.#over = true
    this.#handler.error(error)
  }

  /** It goes out over this socket. */
  goesOver(socket: object): void {
    this.#socket = socket
    this.#sentMs = this.#nowMs()
    this.#idleMs = this.#sentMs - (idleSinceMs.get(socket) ?? this.#sentMs)
  }

  #wasClosedIdle(error: Error): boolean {
    if (this.#isAnswered || this.#wasSentAgain) return false
    const { code } = error as { code?: unknown }
    return closedCodes.has(code) && wasClosedIdle(this.#idleMs, this.#nowMs() - this.#sentMs)
  }
}

const closedCodes = new Set<unknown>(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** The library tells a request that it begins, and right after it everybody over which socket. */
let starting: DispatchedExchange | undefined
let isWatching = false

function begins(exchange: DispatchedExchange): void {
  starting = exchange
}

/** By the socket: when it had answered last. */
const idleSinceMs = new WeakMap<object, number>()

function watchSockets(): void {
  if (isWatching) return
  isWatching = true
  subscribe('undici:client:sendHeaders', (message) => {
    starting?.goesOver((message as { readonly socket: object }).socket)
    starting = undefined
  })
}

function named(headers: readonly string[]): Record<string, string> {
  const all: Record<string, string> = {}
  for (let i = 0; i < headers.length; i += 2) all[headers[i]!] = headers[i + 1]!
  return all
}
