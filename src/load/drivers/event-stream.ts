/** One server-sent event, as far as drivers need it. */
export interface StreamEvent {
  /** Undefined where it has no name. */
  readonly event: string | undefined
  readonly data: string
}

const byteOrderMark = 0xfeff
const lineFeed = 10
const space = 32

/**
 * Reads an event stream (HTML standard §9.2.6) as its text comes, in whatever pieces. Ours rather than a library's because
 * it is done once for each token of each user; the tests hold it to what the library reads.
 */
export class EventStream<T> {
  readonly #read: (event: StreamEvent) => T | undefined
  /** What is given where a line, or an event, is longer than this. */
  readonly #longest: number
  readonly #tooLong: T
  #rest = ''
  #isFirst = true
  /** The last piece ended with CR: an LF that follows is no line of its own. */
  #endedInCr = false
  #event: string | undefined
  #data: string | undefined

  constructor(read: (event: StreamEvent) => T | undefined, longest: number, tooLong: T) {
    this.#read = read
    this.#longest = longest
    this.#tooLong = tooLong
  }

  /** Nothing of an event has come yet: what follows begins one. */
  get isBetweenEvents(): boolean {
    return (
      this.#rest === '' &&
      this.#data === undefined &&
      this.#event === undefined &&
      !this.#endedInCr &&
      !this.#isFirst
    )
  }

  /** Reads on; answers as soon as an event has a result, and is not to be fed after it. */
  feed(piece: string): T | undefined {
    if (piece === '') return undefined
    let text = this.#rest === '' ? piece : this.#rest + piece
    let at = 0
    if (this.#isFirst) {
      if (text.charCodeAt(0) === byteOrderMark) at = 1
      this.#isFirst = false
    }
    if (this.#endedInCr && text.charCodeAt(at) === lineFeed) at++
    this.#endedInCr = false
    if (text.includes('\r', at)) {
      this.#endedInCr = text.endsWith('\r')
      text = text.slice(at).replaceAll(/\r\n?/g, '\n')
      at = 0
    }
    for (let end = text.indexOf('\n', at); end >= 0; end = text.indexOf('\n', at)) {
      if (end - at > this.#longest) return this.#tooLong
      const result = end === at ? this.#dispatch() : this.#line(text, at, end)
      if (result !== undefined) return result
      if (this.#data !== undefined && this.#data.length > this.#longest) return this.#tooLong
      at = end + 1
    }
    this.#rest = at === text.length ? '' : text.slice(at)
    return this.#rest.length > this.#longest ? this.#tooLong : undefined
  }

  #dispatch(): T | undefined {
    const data = this.#data
    const event = this.#event
    this.#data = undefined
    this.#event = undefined
    return data === undefined ? undefined : this.#read({ event, data })
  }

  #line(text: string, from: number, to: number): undefined {
    if (text.startsWith('data:', from)) this.#addData(valueAfter(text, from + 5, to))
    else if (text.startsWith('event:', from)) this.#event = valueAfter(text, from + 6, to) || undefined
    else if (to - from <= 5) {
      // A field without a colon has no value.
      const name = text.slice(from, to)
      if (name === 'data') this.#addData('')
      else if (name === 'event') this.#event = undefined
    }
    return undefined
  }

  #addData(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
  }
}

/** One space after the colon is no part of the value. */
const valueAfter = (text: string, from: number, to: number): string =>
  text.slice(text.charCodeAt(from) === space && from < to ? from + 1 : from, to)
