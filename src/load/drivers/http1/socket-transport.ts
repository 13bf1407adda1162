import { type Socket, connect } from 'node:net'
import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { HeadMemory } from './head-memory.ts'
import {
  type Exchange,
  type Transport,
  type TransportHandler,
  type TransportRequest,
  wasClosedIdle,
} from '../transport.ts'
import { ResponseParser, type ResponseSink, closedEarly } from './response-parser.ts'

/** Where requests go, and whose connections they are. */
export interface SocketTarget {
  readonly host: string
  readonly port: number
  /** Session s is of user s mod this many; `Infinity`: each session is a user of its own. */
  readonly users: number
  /** How many transports share this machine's ports. */
  readonly share: number
  /** A clock, for what a target says about how long it keeps connections. Milliseconds. */
  readonly nowMs: () => number
}

/** Beyond this many connections a loopback address has no ports left, and the next one is used. */
const connectionsPerAddress = 20_000
/** A connection is not used again this close to the end that its target announced. */
const keepAliveMarginMs = 1000
/** Two, since a session's end may be told while its user's next one begins. */
const keptPerUser = 2

/** All reads of a process go through one buffer: a piece is parsed before the next one is read. */
const readBuffer = Buffer.allocUnsafe(65_536)

/**
 * HTTP/1.1 over plain sockets, at the least cost a connection: every user keeps its own, as browsers do. What it does
 * not speak (TLS, proxies) is the other transport's.
 */
export function socketTransport(target: SocketTarget): Transport {
  const idle = new Map<number, Connection[]>()
  const open = new Set<Connection>()
  const heads = new HeadMemory()
  const head = `\r\nhost: ${hostHeader(target)}\r\n`

  function take(user: number): Connection | undefined {
    const kept = idle.get(user)
    for (let connection = kept?.pop(); connection; connection = kept!.pop())
      if (connection.isUsable) return connection
    return undefined
  }

  function create(user: number): Connection {
    const connection = new Connection(target, localAddress(target, open.size), heads, {
      free: () => keep(user, connection),
      gone: () => forget(user, connection),
    })
    open.add(connection)
    return connection
  }

  function keep(user: number, connection: Connection): void {
    const kept = idle.get(user)
    if (!kept) idle.set(user, [connection])
    else if (kept.length < keptPerUser) kept.push(connection)
    else connection.destroy()
  }

  function forget(user: number, connection: Connection): void {
    open.delete(connection)
    const kept = idle.get(user)
    const at = kept?.indexOf(connection) ?? -1
    if (at >= 0) kept!.splice(at, 1)
    if (kept?.length === 0) idle.delete(user)
  }

  return {
    send(request, handler) {
      const user = Number.isFinite(target.users) ? request.session % target.users : request.session
      return new SocketExchange(requestText(request, head), handler, take(user), () => create(user))
    },
    async close() {
      for (const connection of open) connection.destroy()
    },
  }
}

class SocketExchange implements Exchange {
  readonly #handler: TransportHandler
  #connection: Connection

  /** Over the kept connection, where there is one, else over a new one. */
  constructor(
    text: string,
    handler: TransportHandler,
    kept: Connection | undefined,
    create: () => Connection,
  ) {
    this.#handler = handler
    this.#connection = kept ?? create()
    if (!kept) this.#connection.ask(text, handler)
    else
      kept.ask(text, handler, () => {
        this.#connection = create()
        this.#connection.ask(text, handler)
        handler.sentAgain?.()
      })
  }

  cut(): void {
    this.#connection.cut(this.#handler)
  }

  pause(): void {
    this.#connection.pause(this.#handler)
  }

  resume(): void {
    this.#connection.resume(this.#handler)
  }
}

interface Owner {
  /** An answer is whole and another request may be sent. */
  free(): void
  gone(): void
}

/** One connection: at most one exchange at a time. */
class Connection implements ResponseSink {
  readonly #socket: Socket
  readonly #parser: ResponseParser
  readonly #owner: Owner
  readonly #nowMs: () => number
  #handler: TransportHandler | undefined
  #usableUntilMs = Infinity
  /** Sends the request elsewhere; until anything of its answer came over a connection that was kept. */
  #sendAgain: (() => void) | undefined
  #askedMs = 0
  #idleSinceMs = 0

  constructor(target: SocketTarget, localAddress: string | undefined, heads: HeadMemory, owner: Owner) {
    this.#parser = new ResponseParser(this, heads)
    this.#owner = owner
    this.#nowMs = target.nowMs
    this.#socket = connect({
      host: target.host,
      port: target.port,
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
      onread: { buffer: readBuffer, callback: (length) => this.#read(length) },
    })
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('end', () => this.#ended())
    this.#socket.on('close', () => this.#closed())
  }

  get isUsable(): boolean {
    if (!this.#socket.destroyed && this.#nowMs() < this.#usableUntilMs) return true
    this.destroy()
    return false
  }

  ask(text: string, handler: TransportHandler, sendAgain?: () => void): void {
    this.#handler = handler
    this.#sendAgain = sendAgain
    if (sendAgain) this.#askedMs = this.#nowMs()
    this.#parser.restart()
    this.#socket.write(text)
  }

  /** Ends an exchange that is still under way. */
  cut(handler: TransportHandler): void {
    if (this.#handler !== handler) return
    this.#handler = undefined
    this.destroy()
  }

  pause(handler: TransportHandler): void {
    if (this.#handler === handler) this.#socket.pause()
  }

  resume(handler: TransportHandler): void {
    if (this.#handler === handler) this.#socket.resume()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    this.#usableUntilMs = this.#nowMs() + keepAliveMs(headers)
    this.#handler?.head(status, headers)
  }

  data(bytes: Buffer, from: number, to: number): void {
    this.#handler?.data(bytes, from, to)
  }

  end(reusable: boolean): void {
    const handler = this.#handler
    this.#handler = undefined
    // Paused in the same piece that held the end, it would never hear the next answer.
    this.#socket.resume()
    if (reusable) {
      this.#idleSinceMs = this.#nowMs()
      this.#owner.free()
    } else this.destroy()
    handler?.end()
  }

  #read(length: number): boolean {
    if (this.#sendAgain) this.#sendAgain = undefined
    try {
      this.#parser.feed(readBuffer, 0, length)
    } catch (error) {
      this.#fail(error as Error)
    }
    return true
  }

  #ended(): void {
    try {
      if (this.#handler) this.#parser.eof()
    } catch (error) {
      this.#fail(error as Error)
    }
    this.destroy()
  }

  #closed(): void {
    this.#fail(closedEarly())
    this.#owner.gone()
  }

  #fail(error: Error): void {
    const handler = this.#handler
    const sendAgain = this.#sendAgain
    this.#handler = this.#sendAgain = undefined
    this.destroy()
    const wasIdle =
      sendAgain && wasClosedIdle(this.#askedMs - this.#idleSinceMs, this.#nowMs() - this.#askedMs)
    if (handler && wasIdle) sendAgain()
    else handler?.error(error)
  }
}

function requestText({ method, path, headers, body }: TransportRequest, head: string): string {
  let text = `${method} ${path} HTTP/1.1${head}`
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`
  if (body === undefined) return `${text}\r\n`
  return `${text}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** `Keep-Alive: timeout=5` as milliseconds from now, less a margin: at its end both sides would talk at once. */
function keepAliveMs(headers: IncomingHttpHeaders): number {
  const hint = headers['keep-alive']
  const seconds = typeof hint === 'string' ? /\btimeout=(\d{1,9})/.exec(hint)?.[1] : undefined
  return seconds === undefined ? Infinity : Math.max(0, Number(seconds) * 1000 - keepAliveMarginMs)
}

function hostHeader({ host, port }: SocketTarget): string {
  const name = host.includes(':') ? `[${host}]` : host
  return port === 80 ? name : `${name}:${port}`
}

/** Loopback has many addresses to call from; elsewhere the machine chooses. */
function localAddress({ host, share }: SocketTarget, open: number): string | undefined {
  const block = Math.floor((open * share) / connectionsPerAddress)
  return block > 0 && host.startsWith('127.') ? `127.0.0.${1 + block}` : undefined
}
