// For tests: an HTTP answer that becomes a WebSocket's messages once it is headed as one.
import { createHash } from 'node:crypto'
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export const websocketType = 'websocket'
const text = 1
const goodbye = 8

/** Answers a handshake and every message after it; what is written before the first message waits for it. */
export function answerSocket(
  request: IncomingMessage,
  socket: Socket,
  answer: (response: ServerResponse) => void,
  heard: (message: string) => void,
): void {
  let upgraded = false
  let waiting: (() => void)[] | undefined = []
  const sendRaw = (bytes: Buffer): boolean => {
    if (!waiting) return socket.write(bytes)
    waiting.push(() => socket.write(bytes))
    return false
  }
  const send = (opcode: number, body: Buffer): boolean => sendRaw(frame(opcode, body))
  const respond = (): void => {
    const response = new ServerResponse(request)
    const plain = { writeHead: response.writeHead.bind(response), end: response.end.bind(response) }
    if (!upgraded) response.assignSocket(socket)
    const write = response.write.bind(response)
    const onDrain = (): void => void (upgraded && response.emit('drain'))
    socket.on('drain', onDrain)
    Object.defineProperty(response, 'socket', { value: socket })
    Object.defineProperty(response, 'destroyed', { get: () => socket.destroyed, set() {} })
    Object.assign(response, {
      writeHead(status: number, headers: Record<string, string> = {}) {
        if (headers['content-type'] !== websocketType) return plain.writeHead(status, headers)
        if (!upgraded) socket.write(accepted(request))
        upgraded = true
        return response
      },
      write(body: string | Buffer) {
        if (!upgraded) return write(body)
        // Bytes go as they are: for frames that are none.
        return typeof body === 'string' ? send(text, Buffer.from(body)) : sendRaw(body)
      },
      end(body?: string) {
        if (!upgraded) {
          plain.end(body ?? '')
          socket.end()
          return response
        }
        if (body !== undefined) send(text, Buffer.from(body))
        send(goodbye, Buffer.from([0x03, 0xe8]))
        if (waiting) waiting.push(() => socket.end())
        else socket.end()
        return response
      },
    })
    answer(response)
  }
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
  let rest = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (let next = unmasked(rest); next; next = unmasked(rest)) {
      rest = rest.subarray(next.size)
      if (next.opcode === goodbye) socket.end(frame(goodbye, next.body))
      if (next.opcode !== text) continue
      heard(next.body.toString())
      if (!waiting) {
        respond()
        continue
      }
      const first = waiting
      waiting = undefined
      for (const write of first) write()
      socket.emit('drain')
    }
  })
  respond()
}

const accepted = (request: IncomingMessage): string =>
  [
    'HTTP/1.1 101 Switching Protocols',
    'upgrade: websocket',
    'connection: upgrade',
    `sec-websocket-accept: ${createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')}`,
    '\r\n',
  ].join('\r\n')

/** A frame as a server sends it. */
export function frame(opcode: number, body: Buffer): Buffer {
  const head = Buffer.alloc(10)
  head[0] = 0x80 | opcode
  if (body.length < 126) {
    head[1] = body.length
    return Buffer.concat([head.subarray(0, 2), body])
  }
  head[1] = 127
  head.writeBigUInt64BE(BigInt(body.length), 2)
  return Buffer.concat([head, body])
}

/** The first frame of what a client sent, if it is whole. */
function unmasked(bytes: Buffer): { opcode: number; body: Buffer; size: number } | undefined {
  if (bytes.length < 6) return undefined
  const short = bytes[1]! & 0x7f
  const extra = short < 126 ? 0 : short === 126 ? 2 : 8
  if (bytes.length < 6 + extra) return undefined
  const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const size = 6 + extra + length
  if (bytes.length < size) return undefined
  const mask = bytes.subarray(2 + extra, 6 + extra)
  const body = Buffer.from(bytes.subarray(6 + extra, size).map((byte, i) => byte ^ mask[i % 4]!))
  return { opcode: bytes[0]! & 0x0f, body, size }
}
