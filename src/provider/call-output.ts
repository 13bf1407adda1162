import type { ServerResponse } from 'node:http'
import { monotonicMs } from '../clock/now.ts'
import type { CallRecord } from '../result/records.ts'
import type { AnswerStream } from '../wire/model-answer.ts'
import { serverError } from '../wire/openai-error.ts'
import { sseHeaders } from '../wire/sse.ts'
import { sendError, sendJson } from './http-answer.ts'
import { PieceWriter } from './piece-writer.ts'
import type { Headers } from './spoken-api.ts'

/** Where the tokens of a call go. */
export interface CallOutput {
  /** When `told` tokens are written, the number at which it is worth writing again. */
  nextPiece(told: number): number
  /** There are so many tokens now. */
  write(tokens: number): void
  /** Breaks the connection once so many tokens are written, without a word. */
  breakOff(tokens: number): void
  /** Ends before all was written, and says why. Returns the status that the reader was told. */
  fail(message: string): number
}

export interface Saying {
  readonly response: ServerResponse
  readonly headers: Headers
  /** Server-sent events where absent. */
  readonly streamType: string | undefined
  /** Of the whole answer. */
  readonly tokens: number
  readonly unavailableStatus: number
  /** Of the call; told when its first byte goes out. */
  readonly record: Pick<CallRecord, 'firstTokenAtMs'>
  /** Its `content-length` promises more bytes than come. */
  readonly isWrongLength: boolean
  /** Called just before the last of it is sent. */
  readonly ending?: (() => void) | undefined
}

/** Added to the `content-length` of an answer where that is wrong on purpose. */
export const wrongBytes = 1000
/** The `content-length` of a stream where that is wrong on purpose: more than any has. */
const endlessBytes = 2 ** 31

/** The headers of a wrong length, after which nothing can be read on the same connection. */
function wrongLength({ response }: Saying, bytes: number): Headers {
  // Once it is finished, the answer has no socket any more.
  const { socket } = response
  response.once('finish', () => socket?.destroySoon())
  return { 'content-length': String(bytes) }
}

/** The whole answer once its last token is there. */
export function wholeOutput(saying: Saying, body: () => string): CallOutput {
  return {
    nextPiece: () => saying.tokens,
    write(tokens) {
      const { response, headers } = saying
      if (tokens < saying.tokens || response.headersSent || response.destroyed) return
      saying.record.firstTokenAtMs = monotonicMs()
      const text = body()
      saying.ending?.()
      if (!saying.isWrongLength) sendJson(response, 200, text, headers)
      else {
        const bytes = Buffer.byteLength(text) + wrongBytes
        response.writeHead(200, { ...headers, ...jsonType, ...wrongLength(saying, bytes) })
        response.end(text)
      }
    },
    breakOff(tokens) {
      const { response, headers } = saying
      if (response.headersSent || response.destroyed) return
      const text = body()
      response.writeHead(200, { ...headers, ...jsonType, 'content-length': Buffer.byteLength(text) })
      writeAndBreak(response, text.slice(0, Math.floor((text.length * tokens) / (saying.tokens + 1))))
    },
    fail: (message) => refuse(saying, message),
  }
}

/** Writes, and breaks the connection once that is out. */
export function writeAndBreak(response: ServerResponse, text: string): void {
  response.write(text, () => response.destroy())
}

export const jsonType = { 'content-type': 'application/json' } as const

function refuse({ response, headers, unavailableStatus }: Saying, message: string): number {
  sendError(response, { ...serverError, status: unavailableStatus, message }, headers)
  return unavailableStatus
}

/**
 * The answer piece by piece. The first piece is the first token, so that it is seen when it is there. To a reader
 * that is slow nothing is written until it has caught up, then all that it missed.
 */
export function streamedOutput(saying: Saying, stream: AnswerStream, tokensPerChunk: number): CallOutput {
  return new StreamedOutput(saying, stream, tokensPerChunk)
}

class StreamedOutput implements CallOutput {
  readonly #stream: AnswerStream
  readonly #writer: PieceWriter
  readonly #tokens: number
  readonly #tokensPerChunk: number
  #made = 0
  #written = 0
  #isBlocked = false
  /** Nothing is to be written any more. */
  #isOver = false
  readonly #saying: Saying
  readonly #response: ServerResponse
  readonly #encoding: BufferEncoding

  constructor(saying: Saying, stream: AnswerStream, tokensPerChunk: number) {
    const { response, tokens } = saying
    const { encoding = 'utf8' } = stream
    this.#stream = stream
    this.#writer = new PieceWriter(response, encoding)
    this.#tokens = tokens
    this.#tokensPerChunk = tokensPerChunk
    this.#saying = saying
    this.#response = response
    this.#encoding = encoding
  }

  nextPiece(told: number): number {
    return Math.min(this.#tokens, told === 0 ? 1 : told + this.#tokensPerChunk)
  }

  write(tokens: number): void {
    this.#made = tokens
    this.#flush()
  }

  breakOff(tokens: number): void {
    const response = this.#response
    this.#made = Math.min(tokens, this.#tokens)
    // All but the end, which would make it whole.
    if (this.#made < this.#tokens) this.#flush()
    this.#isOver = true
    if (response.headersSent) writeAndBreak(response, '')
    else response.destroy()
  }

  fail(message: string): number {
    this.#isOver = true
    if (!this.#response.headersSent) this.#response.writeHead(200, this.#head())
    this.#response.end(this.#stream.failure(message), this.#encoding)
    return 200
  }

  #flush(): void {
    if (this.#isBlocked || this.#isOver || this.#writer.isLeft) return
    let text = this.#written === 0 ? this.#begin() : ''
    while (this.#written < this.#made) {
      this.#written = Math.min(this.#made, this.nextPiece(this.#written))
      text += this.#stream.piece(this.#written / this.#tokens)
      if (this.#written < this.#made && text.length >= this.#response.writableHighWaterMark) break
    }
    if (this.#written >= this.#tokens) {
      this.#isOver = true
      this.#saying.ending?.()
      this.#response.end(text + this.#stream.closing(), this.#encoding)
      return
    }
    this.#isBlocked = !this.#writer.write(text)
    if (this.#isBlocked) this.#writer.onceDrained(() => this.#goOn())
    else if (this.#written < this.#made) this.#flush()
  }

  #goOn(): void {
    this.#isBlocked = false
    if (this.#written < this.#made) this.#flush()
  }

  #begin(): string {
    const saying = this.#saying
    saying.record.firstTokenAtMs = monotonicMs()
    const head = this.#head()
    this.#response.writeHead(
      200,
      saying.isWrongLength ? { ...head, ...wrongLength(saying, endlessBytes) } : head,
    )
    return this.#stream.opening()
  }

  #head(): Headers {
    const { headers, streamType } = this.#saying
    return { ...headers, ...(streamType === undefined ? sseHeaders : { 'content-type': streamType }) }
  }
}
