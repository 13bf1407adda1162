import { STATUS_CODES } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** How long a client that was told why may take to close the connection. */
const lingerMs = 1_000

/** An answer of JSON, and the end, on a connection that no HTTP server answers any more. */
export function answerBare(socket: Duplex, status: number, body: string): void {
  socket.on('error', () => undefined)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
  if (socket instanceof Socket) socket.setTimeout(lingerMs, () => socket.destroy())
}
