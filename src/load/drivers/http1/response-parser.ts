import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { HeadMemory } from './head-memory.ts'
import { NotHttp } from './not-http.ts'
import { type ResponseHead, parseHead } from './parse-head.ts'

/** Told of one answer, piece by piece. */
export interface ResponseSink {
  head(status: number, headers: IncomingHttpHeaders): void
  /** These of the bytes, which are valid only during the call. */
  data(bytes: Buffer, from: number, to: number): void
  /** The answer is whole; `reusable` when another may follow on the connection. */
  end(reusable: boolean): void
}

const maxHeadBytes = 65_536
const maxFramingBytes = 16_384

const states = {
  head: 0,
  fixed: 1,
  untilClose: 2,
  size: 3,
  extension: 4,
  chunk: 5,
  chunkEnd: 6,
  trailer: 7,
  over: 8,
}

const cr = 0x0d
const lf = 0x0a
const semicolon = 0x3b
const space = 0x20
const tab = 0x09

/**
 * Reads answers of HTTP/1.1 (RFC 9112) as their bytes come, in whatever pieces. It copies nothing: the body goes on as
 * places in what it is fed. Throws `NotHttp`.
 */
export class ResponseParser {
  readonly #sink: ResponseSink
  readonly #heads: HeadMemory
  #state = states.head
  #head = ''
  /** Of the body or chunk, still to come. */
  #left = 0
  #sizeDigits = 0
  /** Bytes of framing since the last data: extensions and trailers are bounded. */
  #framing = 0
  #line = 0
  #lastByte = 0
  #keepAlive = true

  /** Answers of one target may share a memory of heads. */
  constructor(sink: ResponseSink, heads: HeadMemory = new HeadMemory()) {
    this.#sink = sink
    this.#heads = heads
  }

  /** Whether the answer is whole. */
  get isOver(): boolean {
    return this.#state === states.over
  }

  /** Ready for the next answer on the same connection. */
  restart(): void {
    this.#state = states.head
    this.#head = ''
  }

  feed(bytes: Buffer, from: number, to: number): void {
    let at = from
    while (at < to) {
      switch (this.#state) {
        case states.head:
          at = this.#readHead(bytes, at, to)
          break
        case states.fixed:
        case states.chunk:
          at = this.#readData(bytes, at, to)
          break
        case states.untilClose:
          this.#sink.data(bytes, at, to)
          return
        case states.over:
          throw new NotHttp('more came than the answer')
        case states.size:
          at = this.#sizeDigits === 0 ? this.#readChunks(bytes, at, to) : this.#readFraming(bytes, at, to)
          break
        default:
          at = this.#readFraming(bytes, at, to)
      }
    }
  }

  /** The other side sends no more. Throws where an answer is not whole. */
  eof(): void {
    if (this.#state === states.untilClose) this.#end(false)
    else if (this.#state !== states.over) throw closedEarly()
  }

  #readHead(bytes: Buffer, from: number, to: number): number {
    const before = this.#head.length
    const known = before === 0 ? this.#heads.recall(bytes, from, to) : undefined
    if (known) {
      const next = from + this.#heads.length
      this.#begin(known)
      return next
    }
    this.#head += bytes.toString('latin1', from, Math.min(to, from + maxHeadBytes + 4 - before))
    checkBegin(this.#head, before)
    // The end may lie across two pieces.
    const end = this.#head.indexOf('\r\n\r\n', Math.max(0, before - 3))
    if (end < 0) {
      if (this.#head.length > maxHeadBytes) throw new NotHttp('the head is longer than 64 KB')
      return to
    }
    const text = this.#head.slice(0, end)
    this.#head = ''
    const next = from + end + 4 - before
    this.#begin(before === 0 ? this.#heads.learn(text, bytes.subarray(from, next)) : parseHead(text))
    return next
  }

  #begin({ status, headers, body, keepAlive }: ResponseHead): void {
    if (status === 101) throw new NotHttp('the target changes the protocol')
    // An interim answer: its own follows.
    if (status < 200) return
    this.#keepAlive = keepAlive
    this.#framing = 0
    this.#left = body.kind === 'fixed' ? body.bytes : 0
    this.#sizeDigits = 0
    this.#state =
      body.kind === 'chunked' ? states.size : body.kind === 'untilClose' ? states.untilClose : states.fixed
    this.#sink.head(status, headers)
    if (this.#state === states.fixed && this.#left === 0) this.#end(keepAlive)
  }

  #readData(bytes: Buffer, from: number, to: number): number {
    const upTo = Math.min(to, from + this.#left)
    this.#left -= upTo - from
    const whole = this.#left === 0
    const fixed = this.#state === states.fixed
    if (whole && !fixed) {
      this.#state = states.chunkEnd
      this.#lastByte = 0
    }
    this.#sink.data(bytes, from, upTo)
    if (whole && fixed && this.#state === states.fixed) this.#end(this.#keepAlive)
    return upTo
  }

  /** Chunks that are there whole, as those of streams mostly are; what is not goes its way byte by byte. */
  #readChunks(bytes: Buffer, from: number, to: number): number {
    let at = from
    while (at < to) {
      let size = 0
      let begin = at
      for (
        let digit = hexDigit(bytes[begin]!);
        digit >= 0 && begin < at + 6;
        digit = hexDigit(bytes[begin]!)
      ) {
        size = size * 16 + digit
        begin++
      }
      const end = begin + 2 + size
      const isWhole = size > 0 && end + 2 <= to && isLineEnd(bytes, begin) && isLineEnd(bytes, end)
      if (!isWhole) return this.#readFraming(bytes, at, to)
      this.#framing = 0
      this.#sink.data(bytes, begin + 2, end)
      at = end + 2
    }
    return at
  }

  /** What stands between the data of chunks, byte by byte. */
  #readFraming(bytes: Buffer, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!
      if (++this.#framing > maxFramingBytes) throw new NotHttp('chunk extensions or trailers are too long')
      if (this.#state === states.size) this.#readSize(byte)
      else if (this.#state === states.extension) {
        if (byte === lf) this.#beginChunk()
      } else if (this.#state === states.chunkEnd) this.#readChunkEnd(byte)
      else this.#readTrailer(byte)
      this.#lastByte = byte
      if (this.#state === states.chunk || this.#state === states.over) return at + 1
    }
    return to
  }

  #readSize(byte: number): void {
    const digit = hexDigit(byte)
    if (digit >= 0) {
      if (++this.#sizeDigits > 12) throw new NotHttp('a chunk is too long')
      this.#left = this.#left * 16 + digit
    } else if (this.#sizeDigits === 0) throw new NotHttp('a chunk has no size')
    else if (byte === lf) this.#beginChunk()
    else if (byte === semicolon || byte === space || byte === tab) this.#state = states.extension
    else if (byte !== cr || this.#lastByte === cr) throw new NotHttp('the size of a chunk is not a number')
  }

  #beginChunk(): void {
    if (this.#lastByte !== cr) throw new NotHttp('a line ends without CR')
    this.#line = 0
    if (this.#left === 0) this.#state = states.trailer
    else {
      this.#state = states.chunk
      this.#framing = 0
    }
  }

  #readChunkEnd(byte: number): void {
    if (this.#lastByte === 0 ? byte !== cr : byte !== lf) throw new NotHttp('a chunk is longer than it says')
    if (byte !== lf) return
    this.#state = states.size
    this.#sizeDigits = 0
  }

  /** Trailers are read over; an empty line ends them. */
  #readTrailer(byte: number): void {
    if (byte !== lf) {
      if (byte !== cr) this.#line++
      return
    }
    if (this.#lastByte !== cr) throw new NotHttp('a line ends without CR')
    if (this.#line === 0) this.#end(this.#keepAlive)
    this.#line = 0
  }

  #end(reusable: boolean): void {
    this.#state = states.over
    this.#sink.end(reusable)
  }
}

/** A connection that ends before its answer, in the words of Node. */
export function closedEarly(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })
}

/** Tells at once, not at the end of a time limit, that what comes is no head. */
function checkBegin(head: string, before: number): void {
  const begin = 'HTTP/1.'
  if (before < begin.length && !head.startsWith(begin.slice(0, head.length)))
    throw new NotHttp('the answer does not begin with HTTP/1.1')
  for (let at = head.indexOf('\n', before); at >= 0; at = head.indexOf('\n', at + 1))
    if (head[at - 1] !== '\r') throw new NotHttp('a line ends without CR')
    else if (head.startsWith('\r\n', at + 1)) return
}

const isLineEnd = (bytes: Buffer, at: number): boolean => bytes[at] === cr && bytes[at + 1] === lf

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
