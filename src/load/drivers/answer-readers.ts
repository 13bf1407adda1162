import type { IncomingHttpHeaders } from 'undici/types/header.js'
import type { DriverResult, TurnObserver, UserAnswer } from '../driver.ts'
import { EventStream, type StreamEvent } from './event-stream.ts'
import { contentType, failed, faultOfContentType, faultOfStatus } from './fault.ts'
import { IncomingText } from './incoming-text.ts'

/** A line of a stream, and an event of several lines. */
export const maxEventCharacters = 1_000_000
/** A JSON answer. */
export const maxJsonBytes = 16_000_000
const maxErrorBytes = 64_000

export type JsonAnswer = { readonly body: unknown } | { readonly fault: DriverResult }

/** Reads an event; a result ends the exchange. */
export type EventReader = (event: StreamEvent, atMs: number) => DriverResult | undefined

/** Reads a line of a stream; a result ends the exchange. */
export type LineReader = (line: string, atMs: number) => DriverResult | undefined

/** What the end of a stream means where no message of it was the last. */
export type AtEnd = () => DriverResult

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
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) seen.header(name, Array.isArray(value) ? value.join(', ') : value)
  }
}

export function jsonReader(
  seen: TurnObserver | undefined,
  redact: (text: string) => string,
): AnswerReader<JsonAnswer> {
  let status = 0
  let headers: IncomingHttpHeaders = {}
  let size = 0
  let text = ''
  const incoming = new IncomingText()
  return {
    start(code, answered) {
      status = code
      headers = answered
      observe(seen, code, answered)
      if (isSuccess(code) && code !== 204 && !/[/+]json$/.test(contentType(answered)))
        return { fault: faultOfContentType(answered, 'JSON') }
      return undefined
    },
    data(bytes, from, to) {
      text += incoming.write(bytes, from, to)
      size += to - from
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

/** Feeds the text of a stream to its parser, which answers as soon as there is a result. */
interface StreamParser {
  readonly wanted: (type: string) => boolean
  readonly wantedName: string
  feed(text: string, atMs: number): DriverResult | undefined
  /** The stream is over. */
  end(): DriverResult
}

export function eventReader(
  seen: TurnObserver,
  redact: (text: string) => string,
  now: () => number,
  read: EventReader,
  atEnd: AtEnd,
): AnswerReader<DriverResult> {
  let atMs = 0
  const stream = new EventStream((event) => read(event, atMs), maxEventCharacters, lineTooLong)
  return streamReader(seen, redact, now, {
    wanted: (type) => type === 'text/event-stream',
    wantedName: 'an event stream',
    feed(text, fedAtMs) {
      atMs = fedAtMs
      return stream.feed(text)
    },
    end: atEnd,
  })
}

const lineTooLong = failed('protocol', 'a line of the stream is longer than 1 MB')

export function lineReader(
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
      const text = incoming.write(bytes, from, to)
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
