import { type Agent, type IncomingMessage, request as open, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { serverError } from '../../wire/openai-error.ts'
import { sendError } from '../http-answer.ts'
import { closing } from '../live-calls.ts'
import type { Upgrade } from '../speech/speech-socket.ts'

/** Has the owner answer a request, and hands its answer on. */
export function passToOwner(
  ownerPath: string,
  agent: Agent,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { connection: _, expect: __, ...headers } = request.headers
  const passed = open({ socketPath: ownerPath, agent, method: request.method, path: request.url, headers })
  passed.on('response', (answer) => {
    const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...headers } = answer.headers
    response.writeHead(answer.statusCode ?? 502, headers)
    answer.on('error', () => response.destroy()).pipe(response)
  })
  passed.on('error', () => {
    if (response.headersSent) response.destroy()
    else sendError(response, { ...serverError, status: 503, message: closing })
  })
  response.on('close', () => passed.destroy())
  response.on('error', () => undefined)
  request.on('error', () => passed.destroy()).pipe(passed)
}

/** Joins a connection that would become a WebSocket to the owner's, byte by byte. */
export function joinToOwner(ownerPath: string, { request, socket, head }: Upgrade): void {
  const owner = connect(ownerPath)
  const lines = Array.from({ length: request.rawHeaders.length / 2 }, (_, i) =>
    request.rawHeaders.slice(2 * i, 2 * i + 2).join(': '),
  )
  owner.write([`${request.method} ${request.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
  owner.write(head)
  for (const [from, to] of [
    [owner, socket],
    [socket, owner],
  ] as const)
    from
      .on('error', () => to.destroy())
      .on('close', () => to.destroy())
      .pipe(to)
}
