import type { Socket } from 'node:net'
import { maskingKey } from '../edge/web-socket-keys.ts'
import type { LineEnd } from '../calls/call-driver.ts'
import { FrameReader } from './web-socket/frame-reader.ts'
import { maskedFrame, opcodes } from './web-socket/masked-frame.ts'
import { type AgreedSocket, type HandshakeOptions, shakeHands } from './web-socket/shake-hands.ts'

/** Longest message of an agent, and what may wait to be read by it: a quarter of a minute of sound. */
const maxMessageBytes = 1_000_000
const mostUnreadBytes = 256_000
/** How long an agent may take to answer the goodbye. */
const closingMs = 1000
const normalClosure = Buffer.from([1000 >> 8, 1000 & 255])

export interface CallSocketOptions extends HandshakeOptions {
  /** A message of the agent's, good until this returns; a text says why it is none, and ends the call. */
  readonly read: (message: Buffer) => string | undefined
  /** Its end, where it was not ended here. */
  readonly ended: (end: LineEnd) => void
  /** The socket is no more, whoever ended it. */
  readonly released: () => void
}

/** Opens the WebSocket of a call. A text says why not. */
export async function openCallSocket(options: CallSocketOptions): Promise<CallSocket | string> {
  const agreed = await shakeHands(options)
  return typeof agreed === 'string' ? agreed : new CallSocket(agreed, options)
}

/** The socket of a call that is up: bounded both ways, and its end is told once. */
export class CallSocket {
  readonly #socket: Socket
  readonly #options: CallSocketOptions
  #isOver = false
  #saidGoodbye = false

  constructor(agreed: AgreedSocket, options: CallSocketOptions) {
    const { socket } = agreed
    this.#socket = socket
    this.#options = options
    const reader = new FrameReader(
      {
        message: (bytes, isBinary) => this.#read(bytes, isBinary),
        ping: (bytes) => void (this.#isOver || this.#write(opcodes.pong, bytes)),
        goodbye: () => this.#goodbye(),
        fault: (kind) => this.#broke(faults[kind]),
      },
      maxMessageBytes,
    )
    socket.on('error', ({ code }: NodeJS.ErrnoException) => this.#broke(`the agent’s stream broke (${code})`))
    socket.on('end', () => this.#broke('the agent’s stream broke'))
    socket.on('close', () => {
      this.#end({ how: 'broken', message: 'the agent’s stream broke' })
      options.released()
    })
    agreed.listen((piece) => reader.read(piece))
  }

  send(message: string): void {
    if (this.#isOver) return
    if (this.#socket.writableLength > mostUnreadBytes) this.#broke('the agent does not read its stream')
    else this.#write(opcodes.text, message)
  }

  /** Says goodbye. */
  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#sayGoodbye()
  }

  /** Ends the connection at once. */
  cut(): void {
    this.#isOver = true
    this.#socket.destroy()
  }

  #write(opcode: number, message: string | Buffer): void {
    this.#socket.write(maskedFrame(opcode, message, maskingKey()), 'latin1')
  }

  /** Whoever does not answer it is left without an answer. */
  #sayGoodbye(): void {
    this.#saidGoodbye = true
    this.#write(opcodes.close, normalClosure)
    const { at, now } = this.#options
    const alarm = at(now() + closingMs, () => this.#socket.destroy())
    this.#socket.once('close', () => alarm.cancel())
  }

  #read(bytes: Buffer, isBinary: boolean): void {
    if (this.#isOver) return
    const wrong = isBinary ? 'the agent sent bytes where JSON was expected' : this.#options.read(bytes)
    if (wrong !== undefined) this.#broke(wrong)
  }

  #goodbye(): void {
    if (!this.#saidGoodbye) this.#sayGoodbye()
    this.#end({ how: 'byAgent' })
    this.#socket.end()
  }

  #broke(message: string): void {
    this.#end({ how: 'broken', message })
    this.#socket.destroy()
  }

  #end(end: LineEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.ended(end)
  }
}

const faults = {
  tooLong: 'the agent sent a message longer than 1 MB',
  protocol: 'the agent’s stream is no WebSocket',
}
