import { StringDecoder } from 'node:string_decoder'
import { type EventSourceMessage, createParser } from 'eventsource-parser'
import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { monotonicMs } from '../../clock/now.ts'
import type { UserRow } from '../../workload/target-access.ts'
import type { DriverOptions, DriverResult, TurnObserver } from '../driver.ts'
import { isProxied } from './dispatcher-to.ts'
import {
  abandoned,
  contentType,
  failed,
  faultOfContentType,
  faultOfError,
  faultOfStatus,
  redactor,
} from './fault.ts'
import type { SecretWords } from './secret-words.ts'
import { socketTransport } from './http1/socket-transport.ts'
import type { Transport } from './transport.ts'
import { undiciTransport } from './undici-transport.ts'

/** A line of a stream, and an event of several lines. */
export const maxEventCharacters = 1_000_000
/** A JSON answer. */
export const maxJsonBytes = 16_000_000
const maxErrorBytes = 64_000

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** The path begins at the host rather than below the target's own path. */
  readonly fromHost?: boolean
  /** Names and values in turn, on top of the target's own. */
  readonly headers: readonly string[]
  readonly body?: string
  /** One exchange at a time for each session: a stream that was answered but not ended is cut by the next. */
  readonly session: number
  /** Told of the answer's head. */
  readonly answered?: (status: number, headers: IncomingHttpHeaders) => void
}

export type JsonAnswer = { readonly body: unknown } | { readonly fault: DriverResult }

/** Reads an event; a result ends the exchange. */
export type EventReader = (event: EventSourceMessage, atMs: number) => DriverResult | undefined

/** Reads a line of a stream; a result ends the exchange. */
export type LineReader = (line: string, atMs: number) => DriverResult | undefined

/** What the end of a stream means where no message of it was the last. */
export type AtEnd = () => DriverResult

export const endedEarly: AtEnd = () => failed('protocol', 'the stream ended in the middle of the answer')

/** The HTTP that drivers share: bounded, keep-alive, no redirects, and every fault a result. */
export interface HttpClient {
  readonly redact: (text: string) => string
  json(request: HttpRequest, seen: TurnObserver | undefined, signal: AbortSignal): Promise<JsonAnswer>
  events(
    request: HttpRequest,
    seen: TurnObserver,
    signal: AbortSignal,
    read: EventReader,
    atEnd?: AtEnd,
  ): Promise<DriverResult>
  /** Newline-delimited messages; empty lines are left out. */
  lines(
    request: HttpRequest,
    seen: TurnObserver,
    signal: AbortSignal,
    read: LineReader,
    atEnd: AtEnd,
  ): Promise<DriverResult>
  /** Lets the session's user in, where the target demands it; what goes wrong shows in the next request. */
  readonly ready?: (session: number, signal: AbortSignal) => Promise<void>
  /** What templates say of the session's user. */
  readonly row?: (session: number) => UserRow | undefined
  /** Nothing of this session is waited for. */
  release(session: number): void
  /** The session is over. */
  readonly leave?: (session: number) => void
  close(): Promise<void>
}

/** Turns the answer's bytes into a result; `undefined` means go on. */
interface AnswerReader<T> {
  start(status: number, headers: IncomingHttpHeaders): T | undefined
  data(chunk: Buffer): T | undefined
  end(): T
  /** The answer is whole though its body has not ended: the rest usually comes with the next packet. */
  isWhole(value: T): boolean
}

export function createHttpClient(
  options: DriverOptions & { readonly secretWords?: SecretWords },
): HttpClient {
  const target = new URL(options.url)
  const basePath = target.pathname.replace(/\/+$/, '')
  const fixed = redactor(options.headers, options.secrets)
  const { secretWords } = options
  const redact = secretWords ? (text: string): string => secretWords.redact(fixed(text)) : fixed
  const transport = transportTo(target, options)
  const common = Object.entries(options.headers).flat()
  const lingering = new Map<number, () => void>()

  function exchange<T>(
    request: HttpRequest,
    reader: AnswerReader<T>,
    broken: (result: DriverResult) => T,
    signal: AbortSignal,
    seen: TurnObserver | undefined,
  ): Promise<T> {
    release(request.session)
    if (signal.aborted) return Promise.resolve(broken(abandoned))
    return new Promise<T>((resolve, reject) => {
      let cut = (): void => {}
      let settled = false
      let status = 0
      const settle = (value: T): void => {
        if (settled) return
        settled = true
        signal.removeEventListener('abort', onAbort)
        resolve(value)
      }
      const onAbort = (): void => {
        settle(broken(abandoned))
        cut()
      }
      /** Runs a reader; what it throws is a bug of ours and not a fault of the target. */
      const attempt = (step: () => T | undefined): T | undefined => {
        try {
          return step()
        } catch (error) {
          settled = true
          signal.removeEventListener('abort', onAbort)
          cut()
          reject(error)
          return undefined
        }
      }
      const over = (): void => {
        if (lingering.get(request.session) === cut) lingering.delete(request.session)
      }
      signal.addEventListener('abort', onAbort)
      const sent = transport.send(
        {
          method: request.method,
          path: request.fromHost ? request.path : basePath + request.path,
          headers: [...common, ...request.headers],
          body: request.body,
          session: request.session,
        },
        {
          head(code, headers) {
            status = code
            request.answered?.(code, headers)
            const early = attempt(() => reader.start(code, headers))
            if (early === undefined) return
            settle(early)
            cut()
          },
          data(bytes) {
            if (settled) return
            const result = attempt(() => reader.data(bytes))
            if (result === undefined) return
            settle(result)
            if (reader.isWhole(result)) lingering.set(request.session, cut)
            else cut()
          },
          end() {
            over()
            if (settled) return
            const result = attempt(() => reader.end())
            if (result !== undefined) settle(result)
          },
          error(error) {
            over()
            settle(broken(faultOfError(error, status)))
          },
        },
      )
      cut = () => sent.cut()
      seen?.exchange?.(sent)
    })
  }

  function release(session: number): void {
    const cut = lingering.get(session)
    if (!cut) return
    lingering.delete(session)
    cut()
  }

  return {
    redact,
    release,
    json: (request, seen, signal) =>
      exchange<JsonAnswer>(request, jsonReader(seen, redact), (fault) => ({ fault }), signal, seen),
    events: (request, seen, signal, read, atEnd = endedEarly) =>
      exchange(request, eventReader(seen, redact, options.now, read, atEnd), (fault) => fault, signal, seen),
    lines: (request, seen, signal, read, atEnd) =>
      exchange(request, lineReader(seen, redact, options.now, read, atEnd), (fault) => fault, signal, seen),
    async close() {
      for (const session of lingering.keys()) release(session)
      await transport.close()
    },
  }
}

/** Plain HTTP goes over our own sockets, which cost the least; all else is undici's. */
function transportTo(target: URL, options: DriverOptions): Transport {
  if (target.protocol !== 'http:' || isProxied(target, options)) return undiciTransport(target, options)
  const host = target.hostname.replace(/^\[(.*)\]$/, '$1')
  return socketTransport({
    host,
    port: Number(target.port || 80),
    users: options.users,
    nowMs: monotonicMs,
  })
}

function observe(seen: TurnObserver | undefined, status: number, headers: IncomingHttpHeaders): void {
  if (!seen) return
  seen.status(status)
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) seen.header(name, Array.isArray(value) ? value.join(', ') : value)
  }
}

function jsonReader(
  seen: TurnObserver | undefined,
  redact: (text: string) => string,
): AnswerReader<JsonAnswer> {
  let status = 0
  let headers: IncomingHttpHeaders = {}
  let size = 0
  let text = ''
  const decoder = new StringDecoder('utf8')
  return {
    start(code, answered) {
      status = code
      headers = answered
      observe(seen, code, answered)
      if (isSuccess(code) && code !== 204 && !/[/+]json$/.test(contentType(answered)))
        return { fault: faultOfContentType(answered, 'JSON') }
      return undefined
    },
    data(chunk) {
      text += decoder.write(chunk)
      size += chunk.length
      if (!isSuccess(status) && size > maxErrorBytes)
        return { fault: faultOfStatus(status, headers, text, redact) }
      if (size > maxJsonBytes) return { fault: failed('protocol', 'the answer is larger than 16 MB') }
      return undefined
    },
    end() {
      if (!isSuccess(status)) return { fault: faultOfStatus(status, headers, text, redact) }
      if (size === 0) return { body: undefined }
      try {
        return { body: JSON.parse(text) as unknown }
      } catch {
        return { fault: failed('protocol', 'the answer is not valid JSON') }
      }
    },
    isWhole: () => false,
  }
}

/** Feeds the text of a stream to its parser, which answers as soon as there is a result. */
interface StreamParser {
  readonly wanted: (type: string) => boolean
  readonly wantedName: string
  feed(text: string, atMs: number): DriverResult | undefined
  /** The stream is over. */
  end(): DriverResult
}

function eventReader(
  seen: TurnObserver,
  redact: (text: string) => string,
  now: () => number,
  read: EventReader,
  atEnd: AtEnd,
): AnswerReader<DriverResult> {
  let result: DriverResult | undefined
  let atMs = 0
  const parser = createParser({
    maxBufferSize: maxEventCharacters,
    onEvent(event) {
      result ??= read(event, atMs)
    },
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') result ??= lineTooLong
    },
  })
  return streamReader(seen, redact, now, {
    wanted: (type) => type === 'text/event-stream',
    wantedName: 'an event stream',
    feed(text, fedAtMs) {
      atMs = fedAtMs
      parser.feed(text)
      return result
    },
    end: () => result ?? atEnd(),
  })
}

const lineTooLong = failed('protocol', 'a line of the stream is longer than 1 MB')

function lineReader(
  seen: TurnObserver,
  redact: (text: string) => string,
  now: () => number,
  read: LineReader,
  atEnd: AtEnd,
): AnswerReader<DriverResult> {
  let rest = ''
  const readLine = (line: string, atMs: number): DriverResult | undefined =>
    line.trim() === '' ? undefined : read(line, atMs)
  return streamReader(seen, redact, now, {
    // Servers name JSON lines in many ways, and some call them plain text.
    wanted: (type) => type !== '' && type !== 'text/html' && type !== 'text/event-stream',
    wantedName: 'lines of JSON',
    feed(text, atMs) {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        const result = line.length > maxEventCharacters ? lineTooLong : readLine(line, atMs)
        if (result) return result
      }
      return rest.length > maxEventCharacters ? lineTooLong : undefined
    },
    end: () => (isJson(rest) ? (readLine(rest, now()) ?? atEnd()) : endedEarly()),
  })
}

/** Whether a last line without its end is whole all the same. */
function isJson(line: string): boolean {
  if (line.trim() === '') return true
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function streamReader(
  seen: TurnObserver,
  redact: (text: string) => string,
  now: () => number,
  parser: StreamParser,
): AnswerReader<DriverResult> {
  let status = 0
  let headers: IncomingHttpHeaders = {}
  let errorBody = ''
  const decoder = new StringDecoder('utf8')
  return {
    start(code, answered) {
      status = code
      headers = answered
      observe(seen, code, answered)
      if (isSuccess(code) && !parser.wanted(contentType(answered)))
        return faultOfContentType(answered, parser.wantedName)
      return undefined
    },
    data(chunk) {
      const text = decoder.write(chunk)
      if (isSuccess(status)) return parser.feed(text, now())
      errorBody += text
      return errorBody.length > maxErrorBytes ? faultOfStatus(status, headers, errorBody, redact) : undefined
    },
    end() {
      return isSuccess(status) ? parser.end() : faultOfStatus(status, headers, errorBody, redact)
    },
    isWhole: (value) => value.outcome === 'completed',
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300
