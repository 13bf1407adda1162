import { GrowingBytes } from './growing-bytes.ts'
import { opcodes } from './masked-frame.ts'

/** Whom a reader tells what comes. Bytes are its own: they are good until the call returns. */
export interface FrameSink {
  message(bytes: Buffer, isBinary: boolean): void
  ping(bytes: Buffer): void
  /** The goodbye, with its code; 1005 where it has none. Nothing is read after it. */
  goodbye(code: number): void
  /** What comes is not what a server may send, or a message is too long: nothing is read after it. */
  fault(kind: 'protocol' | 'tooLong'): void
}

/** Reads what a WebSocket's server sends (RFC 6455 §5), in pieces of any length. A whole frame is read where it lies. */
export class FrameReader {
  readonly #sink: FrameSink
  readonly #mostBytes: number
  /** The beginning of a frame. */
  readonly #kept = new GrowingBytes()
  /** The message that comes in fragments, and its kind. */
  readonly #fragments = new GrowingBytes()
  #fragmented = 0
  #isOver = false

  constructor(sink: FrameSink, mostBytes: number) {
    this.#sink = sink
    this.#mostBytes = mostBytes
  }

  /** A piece, which may be used again when this returns. */
  read(piece: Buffer): void {
    if (this.#isOver) return
    const bytes = this.#kept.length === 0 ? piece : this.#kept.add(piece)
    let at = 0
    for (let end = 0; end >= 0 && at < bytes.length;) {
      end = this.#readFrame(bytes, at)
      if (this.#isOver) return
      if (end >= 0) at = end
    }
    if (bytes !== piece) this.#kept.drop(at)
    else if (at < piece.length) this.#kept.add(piece.subarray(at))
  }

  /** Where the frame at `at` ends; -1 while it is not whole. */
  #readFrame(bytes: Buffer, at: number): number {
    if (bytes.length < at + 2) return -1
    const first = bytes[at]!
    const opcode = first & 15
    const isControl = opcode >= opcodes.close
    const short = bytes[at + 1]!
    const from = at + (short === 127 ? 10 : short === 126 ? 4 : 2)
    // Servers mask nothing, and nothing was agreed upon that uses a reserved bit.
    if (short > 127 || first & 0x70 || (isControl && (short > 125 || first < 0x80)))
      return this.#fault('protocol')
    if (bytes.length < from) return -1
    const size =
      short === 127
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : short
    if (!isControl && size + this.#fragments.length > this.#mostBytes) return this.#fault('tooLong')
    const end = from + size
    if (bytes.length < end) return -1
    const body = bytes.subarray(from, end)
    if (isControl) this.#control(opcode, body)
    else this.#data(opcode, first >= 0x80, body)
    return end
  }

  #data(opcode: number, isLast: boolean, body: Buffer): void {
    const begins = opcode === opcodes.text || opcode === opcodes.binary
    if (begins === this.#fragmented > 0 || (!begins && opcode !== 0)) return void this.#fault('protocol')
    if (begins && isLast) return this.#sink.message(body, opcode === opcodes.binary)
    if (begins) this.#fragmented = opcode
    const whole = this.#fragments.add(body)
    if (!isLast) return
    const isBinary = this.#fragmented === opcodes.binary
    this.#fragmented = 0
    this.#sink.message(whole, isBinary)
    this.#fragments.drop(whole.length)
  }

  #control(opcode: number, body: Buffer): void {
    if (opcode === opcodes.ping) this.#sink.ping(body)
    else if (opcode === opcodes.close) {
      if (body.length === 1) return void this.#fault('protocol')
      this.#isOver = true
      this.#sink.goodbye(body.length === 0 ? 1005 : body.readUInt16BE(0))
    } else if (opcode !== opcodes.pong) this.#fault('protocol')
  }

  #fault(kind: 'protocol' | 'tooLong'): -1 {
    this.#isOver = true
    this.#sink.fault(kind)
    return -1
  }
}
