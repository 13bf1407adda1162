import { createHash } from 'node:crypto'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { handshakeKey } from '../../edge/web-socket-keys.ts'
import type { TlsOptions } from '../../../workload/target-access.ts'
import { securedBy } from '../dispatcher-to.ts'
import { parseHead } from '../http1/parse-head.ts'

/** A connection whose server has agreed to speak WebSocket. */
export interface AgreedSocket {
  readonly socket: Socket
  /** Takes over what comes; a piece is good until the call returns. */
  listen(read: (piece: Buffer) => void): void
}

export interface HandshakeOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly tls?: TlsOptions
  readonly signal: AbortSignal
  readonly now: () => number
  readonly at: (atMs: number, ring: () => void) => { cancel(): void }
}

const handshakeMs = 10_000
const longestHead = 32_768
/** What every server adds to a key before it answers (RFC 6455 §1.3). */
const protocolName = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** All plain connections read into one place: a piece is parsed before the next is read. */
const readBuffer = Buffer.allocUnsafeSlow(65_536)

/** Asks a server for a WebSocket. A text says why there is none, in the words of a call's stream. */
export function shakeHands(options: HandshakeOptions): Promise<AgreedSocket | string> {
  const url = addressOf(options.url)
  if (!url) return Promise.resolve('the stream’s address is no WebSocket address')
  const key = handshakeKey()
  const request = requestText(url, key, options.headers)
  if (request === undefined) return Promise.resolve('a header of the target is none')
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0)
    let read = (piece: Buffer): void => {
      heard = Buffer.concat([heard, piece])
      const end = heard.indexOf('\r\n\r\n')
      if (end >= 0 || heard.length > longestHead) settle(refusalOf(heard.toString('latin1', 0, end), key))
    }
    const socket = open(url, options.tls, (piece) => read(piece))
    const cut = (): void => void socket.destroy()
    const alarm = options.at(options.now() + handshakeMs, () =>
      settle('the agent’s stream does not answer the handshake'),
    )
    const onError = (error: NodeJS.ErrnoException): void => settle(connectFault(error))
    const onClose = (): void => settle('the stream was closed before it began')
    const settle = (refusal: string | undefined): void => {
      alarm.cancel()
      options.signal.removeEventListener('abort', cut)
      read = () => {}
      if (refusal !== undefined) {
        cut()
        resolve(refusal)
        return
      }
      socket.off('error', onError).off('close', onClose).off('end', onClose)
      const rest = heard.subarray(heard.indexOf('\r\n\r\n') + 4)
      resolve({
        socket,
        listen(next) {
          read = next
          if (rest.length > 0) next(rest)
        },
      })
    }
    socket.on('error', onError).on('close', onClose).on('end', onClose)
    options.signal.addEventListener('abort', cut)
    if (options.signal.aborted) cut()
    else socket.write(request)
  })
}

function addressOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url && /^wss?:$/.test(url.protocol) ? url : undefined
}

/** Node reads TLS into memory of its own. */
function open(url: URL, tls: TlsOptions | undefined, read: (piece: Buffer) => void): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol === 'ws:') {
    const callback = (length: number): true => {
      read(readBuffer.subarray(0, length))
      return true
    }
    return connect({
      host,
      port: Number(url.port || 80),
      noDelay: true,
      onread: { buffer: readBuffer, callback },
    }).resume()
  }
  const socket = connectTls({
    host,
    port: Number(url.port || 443),
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) ? {} : { servername: host }),
    ...securedBy(tls),
  })
  return socket.setNoDelay(true).on('data', read)
}

function requestText(
  { host, pathname, search, username, password }: URL,
  key: string,
  given: Readonly<Record<string, string>>,
): string | undefined {
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const headers: Record<string, string> = {
    host,
    ...(login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])),
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
  }
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    }
  } catch {
    return undefined
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** Why this head is no agreement. */
function refusalOf(text: string, key: string): string | undefined {
  let head
  try {
    head = parseHead(text)
  } catch {
    return 'the stream’s handshake was not answered in HTTP'
  }
  const { status, headers } = head
  if (status !== 101) return `the stream’s handshake was answered with ${status}`
  const accept = createHash('sha1')
    .update(key + protocolName)
    .digest('base64')
  const agrees =
    headers['sec-websocket-accept'] === accept &&
    String(headers['upgrade']).toLowerCase() === 'websocket' &&
    headers['sec-websocket-extensions'] === undefined &&
    headers['sec-websocket-protocol'] === undefined
  return agrees ? undefined : 'the stream’s handshake was answered with another protocol'
}

function connectFault({ code }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'the agent’s stream refuses connections'
  return `the agent’s stream cannot be opened (${code ?? 'no WebSocket'})`
}
