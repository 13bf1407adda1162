import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { ListenOptions } from 'node:net'
import { invalidRequest, openAiErrorBody } from '../wire/openai-error.ts'
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
  const server = createServer(
    {
      keepAliveTimeout: keepAliveMs,
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      noDelay: true,
      shouldUpgradeCallback: isWebSocket,
    },
    (request, response) => behind.answer(request, response),
  )
  server.maxConnections = mostConnections
  server.on('upgrade', (request, socket, head) => behind.upgrade({ request, socket, head }))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return
    const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW'
    const words = isTooLarge ? 'The headers of the request are too large.' : 'The request is not valid HTTP.'
    const body = openAiErrorBody(invalidRequest(words))
    const status = isTooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request'
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ backlog: 4096, ...listen }, () => resolve())
  })
  return server
}

/** Clients also offer HTTP/2, which is let pass by. */
const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

const graceMs = 100

/** What has just been written still leaves; whoever does not read it does not keep the port. */
export async function closeDoor(
  server: Server,
  after: (waitMs: number, then: () => void) => void,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  after(graceMs, () => server.closeAllConnections())
  await closed
}
