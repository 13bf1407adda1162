import { WebSocket } from 'ws'
import type { LineEnd } from '../calls/call-driver.ts'

/** Longest message of an agent, and what may wait to be read by it: a quarter of a minute of sound. */
const maxMessageBytes = 1_000_000
const mostUnreadBytes = 256_000
const handshakeMs = 10_000
/** How long an agent may take to answer the goodbye. */
const closingMs = 1000

export interface CallSocketOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** A message of the agent's; a text says why it is none, and ends the call. */
  readonly read: (text: string) => string | undefined
  /** Its end, where it was not ended here. */
  readonly ended: (end: LineEnd) => void
  /** The socket is no more, whoever ended it. */
  readonly released: () => void
  readonly now: () => number
  readonly at: (atMs: number, ring: () => void) => { cancel(): void }
}

/** Opens the WebSocket of a call. A text says why not. */
export function openCallSocket(options: CallSocketOptions): Promise<CallSocket | string> {
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
    const settle = (result: CallSocket | string): void => {
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
      settle(new CallSocket(socket, options))
    })
    if (options.signal.aborted) cut()
  })
}

function connectFault({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'the agent’s stream refuses connections'
  if (message.includes('timed out')) return 'the agent’s stream does not answer the handshake'
  return `the agent’s stream cannot be opened (${code ?? 'no WebSocket'})`
}

/** The socket of a call that is up: bounded both ways, and its end is told once. */
export class CallSocket {
  readonly #socket: WebSocket
  readonly #options: CallSocketOptions
  #isOver = false

  constructor(socket: WebSocket, options: CallSocketOptions) {
    this.#socket = socket
    this.#options = options
    socket.on('message', (data, isBinary) => this.#read(data as Buffer, isBinary))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#broke(wordsOf(error)))
    socket.on('close', (code) => {
      this.#closed(code)
      options.released()
    })
  }

  send(message: string): void {
    if (this.#isOver) return
    if (this.#socket.bufferedAmount > mostUnreadBytes) this.#broke('the agent does not read its stream')
    else this.#socket.send(message)
  }

  /** Says goodbye. */
  close(): void {
    if (this.#isOver) return
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

  #read(data: Buffer, isBinary: boolean): void {
    if (this.#isOver) return
    const wrong = isBinary
      ? 'the agent sent bytes where JSON was expected'
      : this.#options.read(data.toString('latin1'))
    if (wrong !== undefined) this.#broke(wrong)
  }

  #closed(code: number): void {
    this.#end(code === 1006 ? { how: 'broken', message: 'the agent’s stream broke' } : { how: 'byAgent' })
  }

  #broke(message: string): void {
    this.#end({ how: 'broken', message })
    this.#socket.terminate()
  }

  #end(end: LineEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.ended(end)
  }
}

function wordsOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 'the agent sent a message longer than 1 MB'
  return `the agent’s stream broke (${code ?? 'no WebSocket'})`
}
