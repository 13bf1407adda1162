import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { type Dispatcher, request as ask } from 'undici'
import { serverError } from '../wire/openai-error.ts'
import { forwardUrl } from './forward-url.ts'
import { sendError } from './http-answer.ts'
import { closing } from './live-calls.ts'

export interface Forwarded {
  readonly dispatcher: Dispatcher
  /** Where it goes: an origin, or a base URL with a path. */
  readonly base: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: string
  /** Told before the first byte of the answer is handed on. */
  readonly began?: (status: number, headers: IncomingHttpHeaders) => void
  /** Sees every piece of the answer on its way. */
  readonly watch?: (piece: Buffer) => void
  /** Ends it before it is whole. */
  readonly cut: AbortSignal
  /** What an answer that is cut ends with; nothing where words would stand in the middle of it. */
  readonly lastWords?: () => string | undefined
}

/** Headers of one connection, and what this side says by itself. Answers that are read may not be compressed. */
const ownHeaders = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'accept-encoding',
])
const ownAnswerHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer'])

/** Hands a request on and its answer back, no faster than it is read; false where no whole answer came. */
export async function forward(forwarded: Forwarded): Promise<boolean> {
  const { dispatcher, request, response, body, cut } = forwarded
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    const answer = await ask(forwardUrl(forwarded.base, request), {
      method: request.method ?? 'GET',
      headers: kept(request.headers, ownHeaders),
      ...(body === '' ? {} : { body }),
      dispatcher,
      signal: AbortSignal.any([gone.signal, cut]),
    })
    forwarded.began?.(answer.statusCode, answer.headers)
    response.writeHead(answer.statusCode, kept(answer.headers, ownAnswerHeaders))
    await pipeline(pieces(answer.body, forwarded), response)
    return !cut.aborted
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy()
    else if (cut.aborted) sendError(response, { ...serverError, message: closing })
    else {
      const code = (error as NodeJS.ErrnoException).code ?? 'no answer'
      sendError(response, { ...serverError, status: 502, message: `The real one did not answer (${code}).` })
    }
    return false
  }
}

async function* pieces(
  answer: AsyncIterable<Buffer>,
  { watch, cut, lastWords }: Forwarded,
): AsyncGenerator<Buffer | string> {
  try {
    for await (const piece of answer) {
      watch?.(piece)
      yield piece
    }
  } catch (error) {
    const words = cut.aborted ? lastWords?.() : undefined
    if (words === undefined) throw error
    yield words
  }
}

function kept(headers: IncomingHttpHeaders, without: ReadonlySet<string>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || without.has(name) ? [] : [[name, value]],
    ),
  )
}
