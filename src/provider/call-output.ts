import type { ServerResponse } from 'node:http'
import type { AnswerStream } from '../wire/model-answer.ts'
import { serverError } from '../wire/openai-error.ts'
import { sseHeaders } from '../wire/sse.ts'
import { sendError, sendJson } from './http-answer.ts'
import type { NextPiece } from './pace.ts'
import { pieceWriter } from './piece-writer.ts'
import type { Headers } from './spoken-api.ts'

/** Where the tokens of a call go. */
export interface CallOutput {
  /** When `told` tokens are written, the number at which it is worth writing again. */
  readonly nextPiece: NextPiece
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
  /** The first byte goes out. */
  readonly began: () => void
  /** It says that more bytes come than do. */
  readonly isWrongLength: boolean
}

/** Added to the length of an answer where that is wrong on purpose. */
const wrongBytes = 1000
/** What a stream whose length is wrong says of it: more than any has. */
const endlessBytes = 2 ** 31

/** The headers of a wrong length, after which nothing can be read on the same connection. */
function wrongLength({ response }: Saying, bytes: number): Headers {
  // Once it is finished, the answer has no socket any more.
  const { socket } = response
  response.once('finish', () => socket?.destroySoon())
  return { 'content-length': String(bytes) }
}

/** The whole answer once its last token is there. */
export function wholeOutput(saying: Saying, text: string): CallOutput {
  return {
    nextPiece: () => saying.tokens,
    write(tokens) {
      const { response, headers } = saying
      if (tokens < saying.tokens || response.headersSent || response.destroyed) return
      saying.began()
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

const jsonType = { 'content-type': 'application/json' } as const

function refuse({ response, headers, unavailableStatus }: Saying, message: string): number {
  sendError(response, { ...serverError, status: unavailableStatus, message }, headers)
  return unavailableStatus
}

/**
 * The answer piece by piece. The first piece is the first token, so that it is seen when it is there. To a reader
 * that is slow nothing is written until it has caught up, then all that it missed.
 */
export function streamedOutput(saying: Saying, stream: AnswerStream, tokensPerChunk: number): CallOutput {
  const { response, headers, streamType, tokens: outputTokens } = saying
  const head = { ...headers, ...(streamType === undefined ? sseHeaders : { 'content-type': streamType }) }
  const { encoding = 'utf8' } = stream
  const writePiece = pieceWriter(response, encoding)
  let written = 0
  let made = 0
  let blocked = false
  const nextPiece = (told: number): number =>
    told === 0 ? Math.min(1, outputTokens) : Math.min(outputTokens, told + tokensPerChunk)

  function flush(): void {
    if (blocked || response.destroyed || response.writableEnded) return
    let text = ''
    if (written === 0) {
      saying.began()
      response.writeHead(200, saying.isWrongLength ? { ...head, ...wrongLength(saying, endlessBytes) } : head)
      text = stream.opening()
    }
    while (written < made) {
      written = Math.min(made, nextPiece(written))
      text += stream.piece(written / outputTokens)
      if (written < made && text.length >= response.writableHighWaterMark) break
    }
    if (written >= outputTokens) {
      response.end(text + stream.closing(), encoding)
      return
    }
    blocked = !writePiece(text, goOn)
    if (!blocked && written < made) flush()
  }

  function goOn(): void {
    blocked = false
    if (written < made) flush()
  }

  return {
    nextPiece,
    write(tokens) {
      made = tokens
      flush()
    },
    breakOff(tokens) {
      made = Math.min(tokens, outputTokens)
      // All but the end, which would make it whole.
      if (made < outputTokens) flush()
      blocked = true
      if (response.headersSent) writeAndBreak(response, '')
      else response.destroy()
    },
    fail(message) {
      if (!response.headersSent) response.writeHead(200, head)
      response.end(stream.failure(message), encoding)
      return 200
    },
  }
}
