// For tests of bytes: one request over a socket of its own, its answer by the letter of RFC 9112, and what streams are
// made of.
import { connect } from 'node:net'
import { EventStreamCodec } from '@smithy/core/event-streams'
import { expect } from 'vitest'

interface Asked {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How long the answer is not read. */
  readonly pauseMs: number
}

/** The head and the body of an answer; rejects where its framing is not valid, or is not the end. */
export async function askBytes(
  port: number,
  { path, headers, body, pauseMs }: Asked,
): Promise<{ readonly head: string; readonly body: Buffer }> {
  const socket = connect(port, '127.0.0.1')
  const all = {
    host: 'x',
    connection: 'close',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
  if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  const bytes = Buffer.concat(parts)
  const end = bytes.indexOf('\r\n\r\n')
  const head = bytes.toString('latin1', 0, end)
  const rest = bytes.subarray(end + 4)
  const length = /^content-length: (\d+)$/im.exec(head)?.[1]
  if (length === undefined) return { head, body: dechunked(rest) }
  if (rest.length !== Number(length)) throw new Error(`${rest.length} bytes where ${length} were told`)
  return { head, body: rest }
}

function dechunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ;) {
    const line = bytes.indexOf('\r\n', at)
    const size = bytes.toString('latin1', at, line)
    if (line < 0 || !/^[0-9a-f]+$/i.test(size))
      throw new Error(`no chunk: ${bytes.toString('latin1', at, at + 40)}`)
    const from = line + 2
    at = from + Number.parseInt(size, 16) + 2
    if (bytes.toString('latin1', at - 2, at) !== '\r\n')
      throw new Error('a chunk of another length than told')
    if (size === '0') {
      if (at !== bytes.length) throw new Error('bytes behind the last chunk')
      return Buffer.concat(parts)
    }
    parts.push(bytes.subarray(from, at - 2))
  }
}

/** The events of a stream whose lines are `event: ` and `data: ` and nothing else. */
export function events(bytes: Buffer, end = '\n'): { readonly type: string; readonly data: string }[] {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  expect(text.slice(-2 * end.length)).toBe(end + end)
  return text
    .slice(0, -2 * end.length)
    .split(end + end)
    .map((block) => {
      const [, type = '', data] = /^(?:event: (\S+)\n)?data: ([^\r\n]+)$/.exec(block) ?? []
      if (data === undefined) throw new Error(`no event: ${block}`)
      return { type, data }
    })
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

/** The messages in frames of AWS's, each checked by its sums. */
export function frames(bytes: Buffer): { readonly type: string; readonly json: string }[] {
  const read: { type: string; json: string }[] = []
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const { headers, body } = codec.decode(bytes.subarray(at, at + bytes.readUInt32BE(at)))
    expect(headers[':message-type']?.value).toBe('event')
    read.push({ type: String(headers[':event-type']?.value), json: Buffer.from(body).toString() })
  }
  return read
}
