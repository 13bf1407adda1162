import type { IncomingHttpHeaders } from 'undici/types/header.js'
import type { ErrorKind } from '../../result/records.ts'
import { parsedJson } from '../../wire/parsed-json.ts'
import { isObject } from '../../wire/request-fields.ts'
import type { DriverResult } from '../driver.ts'
import { oneValue } from '../../wire/one-value.ts'

export const completed: DriverResult = { outcome: 'completed', errorKind: 'none' }
export const abandoned: DriverResult = { outcome: 'abandoned', errorKind: 'abandoned' }

/** A turn without its answer; `retryAfterMs` is what the target asked to wait, wall milliseconds. */
export function failed(errorKind: ErrorKind, message: string, retryAfterMs?: number): DriverResult {
  return { outcome: 'failed', errorKind, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

const connectCodes = new Map([
  ['ECONNREFUSED', 'the target refuses connections'],
  ['ENOTFOUND', "the target's host name is not known"],
  ['EAI_AGAIN', "the target's host name could not be looked up"],
  ['EHOSTUNREACH', 'the target cannot be reached'],
  ['ENETUNREACH', 'the network of the target cannot be reached'],
  ['ETIMEDOUT', 'connecting to the target took too long'],
  ['EMFILE', 'this machine has no file handles left (ulimit -n)'],
  ['EADDRNOTAVAIL', 'this machine has no free ports left for connections'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connecting to the target took too long'],
])

/** A broken exchange as a result: whether there was no connection, or it broke in the middle. */
export function faultOfError(error: Error, status: number): DriverResult {
  const code = errorCode(error)
  const refused = connectCodes.get(code)
  if (refused) return failed('connect', refused)
  if (/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|HOSTNAME_MISMATCH|UNABLE_TO_)|SELF_SIGNED/.test(code))
    return failed('connect', `no secure connection to the target (${code}${secureHint(code)})`)
  const proxied = /^Proxy response \((\d+)\)/.exec(error.message)?.[1]
  if (proxied) return failed('connect', `the proxy did not let us through (${proxied})`)
  if (code === 'UND_ERR_PRX_TLS') return failed('connect', 'no secure connection to the proxy')
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return failed('timeout', 'the target did not answer in time')
  const where = status === 0 ? 'before it answered' : 'in the middle of its answer'
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET')
    return failed('protocol', `the target closed the connection ${where}`)
  return failed('protocol', `the target does not speak HTTP as expected (${code || error.name})`)
}

function secureHint(code: string): string {
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/.test(code)) return '; target.tls.cert is what users show'
  return /SELF_SIGNED|UNABLE_TO_/.test(code) ? '; target.tls.ca names who signs its certificates' : ''
}

function errorCode(error: Error): string {
  // With several addresses for a name, Node gathers one error for each.
  const nested =
    error instanceof AggregateError ? error.errors.find((each) => each instanceof Error) : undefined
  const code = (error as { code?: unknown }).code ?? (nested as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : ''
}

/** What targets call the same thing: session APIs, OpenAI's and Anthropic's. */
const shedCodes = new Set(['overloaded', 'busy', 'overloaded_error'])
const rateCodes = new Set(['rate_limited', 'rate_limit_exceeded', 'rate_limit_error'])
const timeoutCodes = new Set(['timeout', 'timeout_error'])

/** An error status as a result, with what the body says in one line. */
export function faultOfStatus(
  status: number,
  headers: IncomingHttpHeaders,
  body: string,
  redact: (text: string) => string,
): DriverResult {
  const { code, message } = apiError(body)
  const said = message ? `: ${oneLine(redact(message))}` : looksLikeHtml(body) ? ' with an HTML page' : ''
  const retryAfterMs = retryAfter(headers)
  const line = `the target answered ${status}${redirectedTo(status, headers, redact)}${said}`
  const result = failed(kindOfStatus(status, code), line, retryAfterMs)
  return shedCodes.has(code) ? { ...result, outcome: 'rejected', errorKind: 'overloaded' } : result
}

/** An error inside a stream that began with 200. */
export function faultOfApiError(error: unknown, redact: (text: string) => string): DriverResult {
  const { code, message } = apiErrorOf(error)
  const line = `the target ended the answer with an error${message ? `: ${oneLine(redact(message))}` : ''}`
  if (shedCodes.has(code)) return { outcome: 'rejected', errorKind: 'overloaded', message: line }
  if (rateCodes.has(code)) return failed('rate_limited', line)
  if (timeoutCodes.has(code)) return failed('timeout', line)
  return failed('http_5xx', line)
}

/** Where a redirect leads: users of an agent's API go there by its own address. */
function redirectedTo(
  status: number,
  headers: IncomingHttpHeaders,
  redact: (text: string) => string,
): string {
  const place = status >= 300 && status < 400 ? oneValue(headers['location']) : undefined
  return place === undefined ? '' : `, which leads to ${oneLine(redact(place))} (redirects are not followed)`
}

function kindOfStatus(status: number, code: string): ErrorKind {
  if (status === 429) return 'rate_limited'
  if (status === 408 || status === 504 || timeoutCodes.has(code)) return 'timeout'
  if (status >= 500) return 'http_5xx'
  if (status >= 400) return 'http_4xx'
  return 'protocol'
}

function apiError(body: string): { code: string; message: string } {
  const parsed = parsedJson(body)
  return apiErrorOf(isObject(parsed) && 'error' in parsed ? parsed['error'] : parsed)
}

function apiErrorOf(error: unknown): { code: string; message: string } {
  if (typeof error === 'string') return { code: '', message: error }
  if (!isObject(error)) return { code: '', message: '' }
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return {
    code: text(error['code']) || text(error['type']),
    message: text(error['message']) || text(error['detail']),
  }
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date, which is held against the target's own clock: ours may differ. */
export function retryAfter(headers: IncomingHttpHeaders): number | undefined {
  const ms = numberIn(headers['retry-after-ms'])
  if (ms >= 0) return ms
  const after = headers['retry-after']
  const seconds = numberIn(after)
  if (seconds >= 0) return seconds * 1000
  const waitMs = dateIn(after) - dateIn(headers['date'])
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs)
}

const numberIn = (value: string | string[] | undefined): number => Number(oneValue(value)?.trim() || NaN)

const dateIn = (value: string | string[] | undefined): number => Date.parse(oneValue(value) ?? '')

/** The media type of an answer, in small letters and without parameters; empty where none is said. */
export function contentType(headers: IncomingHttpHeaders): string {
  const value = oneValue(headers['content-type']) ?? ''
  // Once for each answer, and the same again and again.
  if (value !== lastType.value) lastType = { value, type: value.split(';')[0]!.trim().toLowerCase() }
  return lastType.type
}

let lastType = { value: '', type: '' }

/** A 2xx answer of another kind than asked for. */
export function faultOfContentType(headers: IncomingHttpHeaders, wanted: string): DriverResult {
  const type = contentType(headers)
  const got =
    type === 'text/html' ? 'an HTML page' : type ? oneLine(type) : 'an answer without a content type'
  return failed('protocol', `the target answered ${got} where ${wanted} was expected`)
}

const looksLikeHtml = (body: string): boolean => /^\s*<(!doctype|html|head|body)/i.test(body)

/** A text of the target's as one line that is safe to print, cut at 160 characters. */
export function oneLine(text: string): string {
  // Control characters would let a target write on the user's terminal.
  // oxlint-disable-next-line no-control-regex
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim()
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}

/** Takes the secrets that we sent, and what looks like one, out of a text that a target wrote. */
export function redactor(
  headers: Readonly<Record<string, string>>,
  others: readonly string[] = [],
): (text: string) => string {
  const secrets = [...Object.values(headers), ...others]
    .flatMap((value) => [value, ...value.split(/[\s;,=]+/)])
    .filter((part) => part.length >= 8)
    .sort((a, b) => b.length - a.length)
  return (text) => {
    let clean = text
    for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]')
    return clean
      .replace(/\b(sk|pk|key|token)[-_][A-Za-z0-9_*-]{8,}/g, '[redacted]')
      .replace(/\bBearer\s+\S+/gi, 'Bearer [redacted]')
  }
}
