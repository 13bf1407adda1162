import type { ServerResponse } from 'node:http'
import type { DriverResult } from '../src/load/driver.ts'
import { type Answer, beginAnswer, frameOf, frames, isWholeJson, streamHead } from './faulty-server.ts'

/** A credential that no message of a driver may repeat. */
export const secret = 'sk-secret-0123456789'

/** Writes a piece again and again, as fast as it is read, until the other side is gone. */
export function pour(response: ServerResponse, piece: string): void {
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  }
  response.on('drain', more)
  more()
}

const html = '<!doctype html><html><body>Sign in</body></html>'

/** How a target breaks, what a turn must then be and what its message must say. */
type Fault = readonly [answer: Answer, wanted: Partial<DriverResult>, message: RegExp]

/** How a target can break once it was asked. */
export const faults: Readonly<Record<string, Fault>> = {
  '500 with JSON': [
    (response) =>
      response
        .writeHead(500, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { code: 'internal', message: `key ${secret}\nis\u001b[31m bad` } })),
    { outcome: 'failed', errorKind: 'http_5xx' },
    /^the target answered 500: key \[redacted\] is \[31m bad$/,
  ],
  '502 with HTML': [
    (response) => response.writeHead(502, { 'content-type': 'text/html' }).end(html),
    { outcome: 'failed', errorKind: 'http_5xx' },
    /^the target answered 502 with an HTML page$/,
  ],
  '404': [
    (response) => response.writeHead(404).end('no'),
    { outcome: 'failed', errorKind: 'http_4xx' },
    /^the target answered 404$/,
  ],
  'a redirect': [
    (response) => response.writeHead(302, { location: 'https://elsewhere.example/' }).end(),
    { outcome: 'failed', errorKind: 'protocol' },
    /^the target answered 302, which leads to https:\/\/elsewhere\.example\/ \(redirects are not followed\)$/,
  ],
  'HTML with 200': [
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html),
    { outcome: 'failed', errorKind: 'protocol' },
    /^the target answered an HTML page where (JSON|lines of JSON|an event stream|a WebSocket) was expected$/,
  ],
  'no content type': [
    (response) => response.writeHead(200).end('hello'),
    { outcome: 'failed', errorKind: 'protocol' },
    /without a content type/,
  ],
  '429 with Retry-After': [
    (response) =>
      response
        .writeHead(429, { 'content-type': 'application/json', 'retry-after': '3' })
        .end(JSON.stringify({ error: { code: 'rate_limited', message: 'try again in 3 s' } })),
    { outcome: 'failed', errorKind: 'rate_limited', retryAfterMs: 3000 },
    /^the target answered 429: try again in 3 s$/,
  ],
  'shed at the door': [
    (response) =>
      response
        .writeHead(429, { 'content-type': 'application/json', 'retry-after-ms': '250', 'retry-after': '1' })
        .end(JSON.stringify({ error: { code: 'overloaded', message: 'full' } })),
    { outcome: 'rejected', errorKind: 'overloaded', retryAfterMs: 250 },
    /^the target answered 429: full$/,
  ],
  '504': [
    (response) => response.writeHead(504).end(),
    { outcome: 'failed', errorKind: 'timeout' },
    /^the target answered 504$/,
  ],
  'an endless error page': [
    (response) => {
      response.writeHead(500, { 'content-type': 'text/plain' })
      pour(response, 'x'.repeat(10_000))
    },
    { outcome: 'failed', errorKind: 'http_5xx' },
    /^the target answered 500$/,
  ],
  'closed before an answer': [
    (response) => response.socket?.end(),
    { outcome: 'failed', errorKind: 'protocol' },
    /^the target closed the connection before it answered$/,
  ],
  reset: [
    (response) => response.socket?.resetAndDestroy(),
    { outcome: 'failed', errorKind: 'protocol' },
    /^the target closed the connection before it answered$/,
  ],
  'closed in the middle': [
    (response, _, dialect) => {
      beginAnswer(response, dialect)
      setTimeout(() => response.socket?.destroy(), 5)
    },
    { outcome: 'failed', errorKind: 'protocol' },
    /in the middle of (its|the) answer$/,
  ],
  'not HTTP': [
    (response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'),
    { outcome: 'failed', errorKind: 'protocol' },
    /^the target does not speak HTTP as expected/,
  ],
  'invalid JSON': [
    (response, _, dialect) => {
      if (isWholeJson(dialect)) response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":')
      else response.writeHead(200, streamHead(dialect)).end(frameOf(dialect, 'token', '{"a":'))
    },
    { outcome: 'failed', errorKind: 'protocol' },
    /is not valid JSON$/,
  ],
  'JSON of another shape': [
    (response, _, dialect) => {
      if (isWholeJson(dialect)) response.writeHead(200, { 'content-type': 'application/json' }).end('[1]')
      else response.writeHead(200, streamHead(dialect)).end(frameOf(dialect, 'token', '[1]'))
    },
    { outcome: 'failed', errorKind: 'protocol' },
    /./,
  ],
}

/** Faults that only a stream can have. */
export const streamFaults: typeof faults = {
  'half a frame, then the end': [
    (response, _, dialect) => {
      beginAnswer(response, dialect)
      response.end()
    },
    { outcome: 'failed', errorKind: 'protocol' },
    /in the middle of (its|the) answer$/,
  ],
  'no end of the answer': [
    (response, _, dialect) => {
      response.writeHead(200, streamHead(dialect))
      for (const frame of frames(dialect).slice(0, -1)) response.write(frame)
      response.end()
    },
    { outcome: 'failed', errorKind: 'protocol' },
    /^the stream ended in the middle of the answer$/,
  ],
  'a huge line': [
    (response, _, dialect) => {
      response.writeHead(200, streamHead(dialect))
      const long = 'y'.repeat(1_500_000)
      response.write(dialect === 'websocket' ? long : `data: ${long}`)
    },
    { outcome: 'failed', errorKind: 'protocol' },
    /longer than 1 MB$/,
  ],
  'an error in the stream': [
    (response, _, dialect) => {
      response.writeHead(200, streamHead(dialect))
      const error = JSON.stringify({ type: 'error', error: { code: 'rate_limited', message: 'quota' } })
      response.write(frames(dialect)[0])
      response.end(frameOf(dialect, 'error', error))
    },
    { outcome: 'failed', errorKind: 'rate_limited' },
    /^the target ended the answer with an error: quota$/,
  ],
}

/** A target that does not come to an end: only the user's patience ends the turn. */
export const endless: Record<string, Answer> = {
  'never answers': () => {},
  'stops in the middle': (response, _, dialect) => beginAnswer(response, dialect),
  'sends headers one byte at a time': (response) => {
    const bytes = 'HTTP/1.1 200 OK\r\nx-slow: '
    let i = 0
    const timer = setInterval(() => {
      if (response.socket?.destroyed ?? true) clearInterval(timer)
      else response.socket?.write(bytes[i] ?? 'z')
      i++
    }, 1)
  },
}
