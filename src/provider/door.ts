import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ListenOptions } from 'node:net'
import type { Duplex } from 'node:stream'
import { invalidRequest, openAiErrorBody } from '../wire/openai-error.ts'
import { answerBare } from './bare-answer.ts'
import { sendError } from './http-answer.ts'
import type { Upgrade } from './speech/speech-socket.ts'

/** Who answers what comes in. */
export interface Behind {
  answer(request: IncomingMessage, response: ServerResponse): void
  /** Takes requests that would become a WebSocket. */
  upgrade(upgrade: Upgrade): void
}

const mostConnections = 20_000
const keepAliveMs = 75_000
const requestMs = 60_000

/** An HTTP server that listens; what is not HTTP is refused in words. */
export async function openDoor(behind: Behind, listen: ListenOptions): Promise<Server> {
  const underWay = new WeakMap<Duplex, ServerResponse>()
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    underWay.set(request.socket, response)
    request.url = request.url?.replace(/^https?:\/\/[^/?]*\/?/i, '/') ?? '/'
    if (request.headers.host === undefined && request.httpVersion !== '1.0')
      sendError(response, invalidRequest("The request has no header 'Host'."))
    else behind.answer(request, response)
  }
  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      noDelay: true,
      // Answered in words, and not by the server itself.
      requireHostHeader: false,
      shouldUpgradeCallback: isWebSocket,
    },
    answer,
  )
  server.maxConnections = mostConnections
  server.on('checkExpectation', answer)
  server.on('upgrade', (request, socket, head) => behind.upgrade({ request, socket, head }))
  server.on('connect', (_, socket) =>
    answerBare(socket, 405, openAiErrorBody(invalidRequest('This is a provider and no proxy.'))),
  )
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return
    const response = underWay.get(socket)
    // An answer is under way: an error would stand in the middle of it.
    if (response && !response.writableFinished && (response.headersSent || !response.socket)) socket.destroy()
    else answerBare(socket, ...refusalOf(error))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ backlog: 4096, ...listen }, () => resolve())
  })
  return server
}

/** The answer to bytes that are no readable request. */
function refusalOf({ code = '' }: NodeJS.ErrnoException): [status: number, body: string] {
  const [status, words] = refusals[code] ?? [400, 'The request is not valid HTTP.']
  return [status, openAiErrorBody(invalidRequest(words))]
}

const refusals: Readonly<Record<string, readonly [status: number, words: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request takes too long to arrive.'],
}

/** Clients also offer HTTP/2, which is let pass by. */
const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

const graceMs = 100

/** Stops listening: what has just been written gets a moment to leave, then every connection is closed. */
export async function closeDoor(
  server: Server,
  after: (waitMs: number, then: () => void) => void,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  after(graceMs, () => server.closeAllConnections())
  await closed
}
