import type { ServerResponse } from 'node:http'
import {
  type ChatAnswer,
  chatCompletion,
  type ChatHead,
  ChatStream,
  type ChatUsage,
} from '../wire/openai-chat.ts'
import { sseEvent, sseHeaders } from '../wire/sse.ts'
import type { Headers } from './http-answer.ts'

/** Where the tokens of a call go. */
export interface CallOutput {
  /** When `told` tokens are written, the number at which it is worth writing again. */
  nextPiece(told: number): number
  /** There are so many tokens now. */
  write(tokens: number): void
  /** Ends before all was written, and says why. */
  fail(message: string): void
}

export interface Saying {
  readonly response: ServerResponse
  readonly headers: Headers
  readonly head: ChatHead
  readonly answer: ChatAnswer
  readonly usage: ChatUsage
}

/** The whole answer once its last token is there. */
export function wholeOutput({ response, headers, head, answer, usage }: Saying): CallOutput {
  const body = chatCompletion(head, answer, usage)
  const { outputTokens } = usage
  const send = (status: number, body: string): void => {
    response.writeHead(status, {
      ...headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  }
  return {
    nextPiece: () => outputTokens,
    write(tokens) {
      if (tokens >= outputTokens) send(200, body)
    },
    fail: (message) => send(503, errorText(message)),
  }
}

/**
 * The answer piece by piece. The first piece is the first token, so that it is seen when it is there. To a reader
 * that is slow nothing is written until it has caught up, then all that it missed.
 */
export function streamedOutput(saying: Saying, tokensPerChunk: number, includeUsage: boolean): CallOutput {
  const { response, headers, usage } = saying
  const { outputTokens } = usage
  const stream = new ChatStream(saying.head, saying.answer, includeUsage)
  let written = 0
  let made = 0
  let blocked = false
  const nextPiece = (told: number): number =>
    told === 0 ? Math.min(1, outputTokens) : Math.min(outputTokens, told + tokensPerChunk)

  function flush(): void {
    if (blocked || response.destroyed) return
    let text = ''
    if (written === 0) {
      response.writeHead(200, { ...headers, ...sseHeaders })
      text = stream.opening()
    }
    while (written < made && text.length < response.writableHighWaterMark) {
      const next = Math.min(made, nextPiece(written))
      text += stream.piece(written / outputTokens, next / outputTokens)
      written = next
    }
    if (written >= outputTokens) {
      response.end(text + stream.closing(usage))
      return
    }
    if (response.write(text)) {
      if (written < made) flush()
      return
    }
    blocked = true
    response.once('drain', () => {
      blocked = false
      if (written < made) flush()
    })
  }

  return {
    nextPiece,
    write(tokens) {
      made = tokens
      flush()
    },
    fail(message) {
      if (!response.headersSent) response.writeHead(200, { ...headers, ...sseHeaders })
      response.end(sseEvent(errorText(message)))
    },
  }
}

const errorText = (message: string): string =>
  JSON.stringify({ error: { message, type: 'server_error', param: null, code: 'server_error' } })
