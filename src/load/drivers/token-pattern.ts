import { EventStream, type StreamEvent } from './event-stream.ts'

/** An event that says nothing but a token of the answer. */
export interface PlainToken {
  readonly text: string
  readonly count: number
}

/** What a protocol says of its events, without effects. */
export interface PlainTokens {
  /** The event's token where it says nothing else; an event with any other text in its place must say the same but for it. */
  of(event: StreamEvent): PlainToken | undefined
}

const quote = 0x22
const backslash = 0x5c
const space = 0x20
const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Text that is one byte a letter and means itself in JSON. */
const probe = 'plimsoll'

/**
 * The bytes of a token's event around its text. The next one is as a rule the same event with another text, which is
 * then between the same bytes: reading it so gives exactly what a parser would, since a text without quote, backslash
 * and control character cannot change what the bytes around it mean.
 */
export class TokenPattern {
  readonly count: number
  readonly #before: Uint8Array
  readonly #after: Uint8Array

  private constructor(before: Uint8Array, after: Uint8Array, count: number) {
    this.#before = before
    this.#after = after
    this.count = count
  }

  /** From the bytes of one whole event; undefined where its text does not stand there as it is. */
  static learn(event: Buffer, tokens: PlainTokens): TokenPattern | undefined {
    const token = plainToken(event.toString('utf8'), tokens)
    // oxlint-disable-next-line no-control-regex -- what JSON escapes
    if (!token || token.text === '' || /["\\\u0000-\u001f\ufffd]/.test(token.text)) return undefined
    const quoted = Buffer.from(`"${token.text}"`)
    for (let at = event.indexOf(quoted); at >= 0; at = event.indexOf(quoted, at + 1)) {
      const before = event.subarray(0, at + 1)
      const after = event.subarray(at + quoted.length - 1)
      const other = plainToken(before.toString('utf8') + probe + after.toString('utf8'), tokens)
      if (other?.text === probe && other.count === token.count)
        return new TokenPattern(Uint8Array.from(before), Uint8Array.from(after), token.count)
    }
    return undefined
  }

  /** Bytes before the text. */
  get textAt(): number {
    return this.#before.length
  }

  /** Where the text ends of such an event that begins at `from` and is whole before `to`; -1 where there is none. */
  textEnd(bytes: Uint8Array, from: number, to: number): number {
    const before = this.#before
    const after = this.#after
    let at = from + before.length
    if (at + after.length >= to) return -1
    for (let i = 0; i < before.length; i++) if (bytes[from + i] !== before[i]) return -1
    const last = to - after.length
    for (; ; at++) {
      if (at > last) return -1
      const byte = bytes[at]!
      if (byte === quote) break
      if (byte < space || byte === backslash) return -1
    }
    // No text is no token in some protocols.
    if (at === from + before.length) return -1
    for (let i = 0; i < after.length; i++) if (bytes[at + i] !== after[i]) return -1
    return at
  }

  /** Where the event ends whose text ends there. */
  eventEnd(textEnd: number): number {
    return textEnd + this.#after.length
  }
}

/** Where the event ends that begins at `from`, its empty line with it; -1 where it is not whole. */
export function eventEnd(bytes: Buffer, from: number, to: number): number {
  for (let at = bytes.indexOf(lineFeed, from); at >= 0 && at < to; at = bytes.indexOf(lineFeed, at + 1)) {
    const next = bytes[at + 1] === carriageReturn ? at + 2 : at + 1
    if (next < to && bytes[next] === lineFeed) return next + 1
  }
  return -1
}

/** The token of a text that is one event and nothing else. */
function plainToken(text: string, tokens: PlainTokens): PlainToken | undefined {
  const events: StreamEvent[] = []
  const stream = new EventStream((event) => void events.push(event), Infinity, undefined)
  stream.feed(text)
  return events.length === 1 && stream.isBetweenEvents ? tokens.of(events[0]!) : undefined
}
