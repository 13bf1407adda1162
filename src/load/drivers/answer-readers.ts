import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { parsedJson } from '../../wire/parsed-json.ts'
import type { DriverResult, TurnObserver, UserAnswer } from '../driver.ts'
import { EventStream, type StreamEvent } from './event-stream.ts'
import { contentType, failed, faultOfContentType, faultOfStatus } from './fault.ts'
import { IncomingText } from './incoming-text.ts'
import { type PlainTokens, TokenPattern, eventEnd } from './token-pattern.ts'

/** A line of a stream, and an event of several lines. */
export const maxEventCharacters = 1_000_000
/** A JSON answer. */
export const maxJsonBytes = 16_000_000
/** What a refusal says. */
export const maxErrorBytes = 64_000

export type JsonAnswer = { readonly body: unknown } | { readonly fault: DriverResult }

/** Reads the events of one answer. */
export interface EventReader {
  /** A result ends the exchange. */
  read(event: StreamEvent, atMs: number): DriverResult | undefined
  /** Where most events are alike but for the text of a token. */
  readonly tokens?: TokenReader
}

/** Takes tokens whose event needed no parser: what they say is what `read` would have heard. */
export interface TokenReader extends PlainTokens {
  /** False while nobody reads what is said. */
  readonly wantsText: boolean
  /** `text` is undefined where it is not wanted. */
  take(text: string | undefined, count: number, atMs: number): void
}

/** The pattern that the streams of one target have in common, as far as they do. */
export interface SharedPattern {
  newest: TokenPattern | undefined
}

/** Reads a line of a stream; a result ends the exchange. */
export type LineReader = (line: string, atMs: number) => DriverResult | undefined

/** What the end of a stream means where no message of it was the last. */
export type AtEnd = () => DriverResult

/** The stream ended before any message of it was the last. */
export const endedEarly: AtEnd = () => failed('protocol', 'the stream ended in the middle of the answer')

/** Turns the answer's bytes into a result; `undefined` means go on. */
export interface AnswerReader<T> {
  start(status: number, headers: IncomingHttpHeaders): T | undefined
  /** Bytes are valid only during the call. */
  data(bytes: Buffer, from: number, to: number): T | undefined
  end(): T
  /** The answer is whole though its body has not ended: the rest usually comes with the next packet. */
  isWhole(value: T): boolean
}

function observe(seen: TurnObserver | undefined, status: number, headers: IncomingHttpHeaders): void {
  if (!seen) return
  seen.status(status)
  if (!seen.header) return
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) seen.header(name, Array.isArray(value) ? value.join(', ') : value)
  }
}

/** Reads an answer that is one JSON. */
export function jsonReader(
  seen: TurnObserver | undefined,
  redact: (text: string) => string,
): AnswerReader<JsonAnswer> {
  return new JsonReader(seen, redact)
}

class JsonReader implements AnswerReader<JsonAnswer> {
  readonly #seen: TurnObserver | undefined
  readonly #redact: (text: string) => string
  readonly #incoming = new IncomingText()
  #status = 0
  #headers: IncomingHttpHeaders = {}
  #size = 0
  #text = ''

  constructor(seen: TurnObserver | undefined, redact: (text: string) => string) {
    this.#seen = seen
    this.#redact = redact
  }

  start(status: number, headers: IncomingHttpHeaders): JsonAnswer | undefined {
    this.#status = status
    this.#headers = headers
    observe(this.#seen, status, headers)
    if (isSuccess(status) && status !== 204 && !/[/+]json$/.test(contentType(headers)))
      return { fault: faultOfContentType(headers, 'JSON') }
    return undefined
  }

  data(bytes: Buffer, from: number, to: number): JsonAnswer | undefined {
    this.#text += this.#incoming.write(bytes, from, to)
    this.#size += to - from
    if (!isSuccess(this.#status) && this.#size > maxErrorBytes) return this.#refused()
    if (this.#size > maxJsonBytes) return { fault: failed('protocol', 'the answer is larger than 16 MB') }
    return undefined
  }

  end(): JsonAnswer {
    if (!isSuccess(this.#status)) return this.#refused()
    if (this.#size === 0) return { body: undefined }
    const body = parsedJson(this.#text.replace(/^\uFEFF/, ''))
    return body === undefined ? { fault: failed('protocol', 'the answer is not valid JSON') } : { body }
  }

  isWhole(): boolean {
    return false
  }

  #refused(): JsonAnswer {
    return { fault: faultOfStatus(this.#status, this.#headers, this.#text, this.#redact) }
  }
}

/** Reads a whole answer of any kind and status. */
export function textReader(): AnswerReader<UserAnswer> {
  let head = { status: 0, headers: {} as Record<string, string> }
  let size = 0
  let text = ''
  const incoming = new IncomingText()
  return {
    start(status, answered) {
      head = { status, headers: {} }
      for (const [name, value] of Object.entries(answered))
        if (value !== undefined) head.headers[name] = [value].flat().join(', ')
      return undefined
    },
    data(bytes, from, to) {
      text += incoming.write(bytes, from, to)
      size += to - from
      return size > maxJsonBytes
        ? { fault: failed('protocol', 'the answer is larger than 16 MB') }
        : undefined
    },
    end: () => ({ ...head, text }),
    isWhole: () => false,
  }
}

/** Events, or one JSON where the target answers that instead. */
export function eventOrJsonReader(
  events: AnswerReader<DriverResult>,
  json: AnswerReader<JsonAnswer>,
  readWhole: (body: unknown) => DriverResult,
): AnswerReader<DriverResult> {
  let answersJson = false
  const told = (answer: JsonAnswer | undefined): DriverResult | undefined =>
    answer && ('fault' in answer ? answer.fault : readWhole(answer.body))
  return {
    start(status, headers) {
      answersJson = isSuccess(status) && /[/+]json$/.test(contentType(headers))
      return answersJson ? told(json.start(status, headers)) : events.start(status, headers)
    },
    data: (bytes, from, to) =>
      answersJson ? told(json.data(bytes, from, to)) : events.data(bytes, from, to),
    end: () => (answersJson ? told(json.end())! : events.end()),
    isWhole: (value) => !answersJson && events.isWhole(value),
  }
}

/** Reads a stream as its bytes come; answers as soon as there is a result. */
interface StreamParser {
  wanted(type: string): boolean
  readonly wantedName: string
  feed(bytes: Buffer, from: number, to: number, atMs: number): DriverResult | undefined
  /** The stream is over. */
  end(): DriverResult
}

/** Events as their bytes come: those like the one before without decoding and parsing what is the same. */
class EventParser implements StreamParser {
  readonly wantedName = 'an event stream'
  readonly end: AtEnd
  readonly #reader: EventReader
  readonly #shared: SharedPattern
  readonly #stream: EventStream<DriverResult>
  readonly #incoming = new IncomingText()
  #atMs = 0
  #pattern: TokenPattern | undefined
  #isBetweenEvents = false
  /** Events that were not like the pattern. */
  #others = 0

  constructor(reader: EventReader, end: AtEnd, shared: SharedPattern) {
    this.#reader = reader
    this.end = end
    this.#shared = shared
    this.#pattern = reader.tokens && shared.newest
    this.#stream = new EventStream((event) => reader.read(event, this.#atMs), maxEventCharacters, lineTooLong)
  }

  wanted(type: string): boolean {
    return type === 'text/event-stream'
  }

  feed(bytes: Buffer, from: number, to: number, atMs: number): DriverResult | undefined {
    let at = this.#readAlike(bytes, from, to, atMs)
    if (at < to && this.#learn(bytes, at, to)) at = this.#readAlike(bytes, at, to, atMs)
    if (at === to) return undefined
    this.#atMs = atMs
    return this.#read(bytes, at, to)
  }

  /** Up to where the first event begins that is not like the others. */
  #readAlike(bytes: Buffer, from: number, to: number, atMs: number): number {
    const pattern = this.#pattern
    if (!pattern || !this.#isBetweenEvents) return from
    const tokens = this.#reader.tokens!
    let at = from
    while (at < to) {
      const textEnd = pattern.textEnd(bytes, at, to)
      if (textEnd < 0) break
      const text = tokens.wantsText ? bytes.toString('utf8', at + pattern.textAt, textEnd) : undefined
      tokens.take(text, pattern.count, atMs)
      at = pattern.eventEnd(textEnd)
    }
    return at
  }

  /** Looks for another pattern, ever more seldom where that is in vain. */
  #learn(bytes: Buffer, from: number, to: number): boolean {
    const { tokens } = this.#reader
    if (!tokens || !this.#isBetweenEvents) return false
    const others = ++this.#others
    if ((others & (others - 1)) !== 0) return false
    const end = eventEnd(bytes, from, Math.min(to, from + maxEventCharacters))
    const pattern = end < 0 ? undefined : TokenPattern.learn(bytes.subarray(from, end), tokens)
    if (pattern) this.#pattern = this.#shared.newest = pattern
    return pattern !== undefined
  }

  #read(bytes: Buffer, from: number, to: number): DriverResult | undefined {
    const result = this.#stream.feed(this.#incoming.write(bytes, from, to))
    this.#isBetweenEvents = this.#incoming.isWhole && this.#stream.isBetweenEvents
    return result
  }
}

/** Reads an answer of server-sent events; `atEnd` says what the end of the stream means. */
export function eventReader(
  seen: TurnObserver,
  redact: (text: string) => string,
  now: () => number,
  reader: EventReader,
  atEnd: AtEnd,
  shared: SharedPattern,
): AnswerReader<DriverResult> {
  return streamReader(seen, redact, now, new EventParser(reader, atEnd, shared))
}

const lineTooLong = failed('protocol', 'a line of the stream is longer than 1 MB')

/** Reads an answer of lines of JSON; `atEnd` says what the end of the stream means. */
export function lineReader(
  seen: TurnObserver,
  redact: (text: string) => string,
  now: () => number,
  read: LineReader,
  atEnd: AtEnd,
): AnswerReader<DriverResult> {
  let rest = ''
  const incoming = new IncomingText()
  const readLine = (line: string, atMs: number): DriverResult | undefined =>
    line.trim() === '' ? undefined : read(line, atMs)
  return streamReader(seen, redact, now, {
    // Servers name JSON lines in many ways, and some call them plain text.
    wanted: (type) => type !== '' && type !== 'text/html' && type !== 'text/event-stream',
    wantedName: 'lines of JSON',
    feed(bytes, from, to, atMs) {
      const lines = (rest + incoming.write(bytes, from, to)).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        const result = line.length > maxEventCharacters ? lineTooLong : readLine(line, atMs)
        if (result) return result
      }
      return rest.length > maxEventCharacters ? lineTooLong : undefined
    },
    end: () => (isWholeLine(rest) ? (readLine(rest, now()) ?? atEnd()) : endedEarly()),
  })
}

/** Whether a last line without its line break is whole all the same. */
const isWholeLine = (line: string): boolean => line.trim() === '' || parsedJson(line) !== undefined

function streamReader(
  seen: TurnObserver,
  redact: (text: string) => string,
  now: () => number,
  parser: StreamParser,
): AnswerReader<DriverResult> {
  let status = 0
  let headers: IncomingHttpHeaders = {}
  let errorBody = ''
  const incoming = new IncomingText()
  return {
    start(code, answered) {
      status = code
      headers = answered
      observe(seen, code, answered)
      if (isSuccess(code) && !parser.wanted(contentType(answered)))
        return faultOfContentType(answered, parser.wantedName)
      return undefined
    },
    data(bytes, from, to) {
      if (isSuccess(status)) return parser.feed(bytes, from, to, now())
      errorBody += incoming.write(bytes, from, to)
      return errorBody.length > maxErrorBytes ? faultOfStatus(status, headers, errorBody, redact) : undefined
    },
    end() {
      return isSuccess(status) ? parser.end() : faultOfStatus(status, headers, errorBody, redact)
    },
    isWhole: (value) => value.outcome === 'completed',
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300
