import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { NotHttp } from './not-http.ts'

/** How long a body is (RFC 9112 §6.3). */
type BodyLength =
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'chunked' | 'untilClose' }

/** The head of an answer. */
export interface ResponseHead {
  readonly status: number
  /** By lower-case name; repeated ones in a list. */
  readonly headers: IncomingHttpHeaders
  readonly body: BodyLength
  readonly keepAlive: boolean
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/
// oxlint-disable-next-line no-control-regex -- what RFC 9110 §5.5 lets a value hold, obsolete bytes included
const headerLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/

/** Reads a head without its closing empty line. Throws `NotHttp`. */
export function parseHead(head: string): ResponseHead {
  const lines = head.split('\r\n')
  const first = statusLine.exec(lines[0]!)
  if (!first) throw new NotHttp('the status line is not understood')
  const status = Number(first[2])
  const headers: Record<string, string | string[] | undefined> = Object.create(null)
  for (let i = 1; i < lines.length; i++) {
    const line = headerLine.exec(lines[i]!)
    if (!line) throw new NotHttp('a header is not understood')
    addHeader(headers, line[1]!.toLowerCase(), line[2]!.trimEnd())
  }
  const connection = valueOf(headers['connection']).toLowerCase()
  return {
    status,
    headers,
    body: bodyLength(status, headers),
    keepAlive: first[1] === '1' ? !/\bclose\b/.test(connection) : /\bkeep-alive\b/.test(connection),
  }
}

function addHeader(
  headers: Record<string, string | string[] | undefined>,
  name: string,
  value: string,
): void {
  const before = headers[name]
  if (before === undefined) headers[name] = value
  else if (Array.isArray(before)) before.push(value)
  else headers[name] = [before, value]
}

function bodyLength(status: number, headers: IncomingHttpHeaders): BodyLength {
  if (status < 200 || status === 204 || status === 304) return { kind: 'fixed', bytes: 0 }
  const coding = valueOf(headers['transfer-encoding']).toLowerCase()
  if (coding !== '') return { kind: /(?:^|,)\s*chunked$/.test(coding) ? 'chunked' : 'untilClose' }
  const length = headers['content-length']
  if (length === undefined) return { kind: 'untilClose' }
  // The same length said twice is one length (RFC 9110 §8.6).
  const [bytes, ...others] = new Set(valueOf(length).split(/,\s*/))
  if (others.length > 0 || !/^\d{1,15}$/.test(bytes!))
    throw new NotHttp('the length of the body is not understood')
  return { kind: 'fixed', bytes: Number(bytes) }
}

const valueOf = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(', ') : (value ?? '')
