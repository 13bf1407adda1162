import type { AnswerShape, Condition, JsonPointer } from '../../workload/target.ts'
import type { DriverResult, TurnObserver } from '../driver.ts'
import { completed, failed, faultOfApiError } from './fault.ts'
import { pointerText, textPointers } from './text-pointers.ts'

/** A message of the target, with the name of its event where it has one. */
export interface Message {
  readonly value: unknown
  readonly event: string
  readonly data: string
}

/** What stands at a pointer; undefined where nothing does. */
export function pointedAt(value: unknown, pointer: JsonPointer): unknown {
  let at = value
  for (const part of pointer) {
    if (typeof at !== 'object' || at === null) return undefined
    const key = Array.isArray(at) ? indexOf(part, at.length) : part
    if (!Object.hasOwn(at, key)) return undefined
    at = (at as Readonly<Record<string, unknown>>)[key]
  }
  return at
}

/** An index of a list as a key: `-1` is the last, and what is no index is no key. */
function indexOf(part: string, length: number): string {
  if (!/^(?:0|-?[1-9]\d{0,8})$/.test(part)) return ''
  return String(part.startsWith('-') ? length + Number(part) : Number(part))
}

/** Whether a message is one that a condition describes. */
export function holds(condition: Condition, { value, event, data }: Message): boolean {
  if (condition.event !== undefined && condition.event !== event) return false
  if (condition.data !== undefined && condition.data !== data) return false
  if (condition.at === undefined) return true
  const there = pointedAt(value, condition.at)
  return condition.is === undefined ? isSomething(there) : condition.is.includes(there as string)
}

const isSomething = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && value !== ''

/** The id of a session or job; undefined for what cannot be one. */
export function idAt(value: unknown, pointer: JsonPointer): string | undefined {
  const id = pointedAt(value, pointer)
  if (typeof id === 'number') return String(id)
  return typeof id === 'string' && /^[\u0021-\u007e]{1,1000}$/.test(id) ? id : undefined
}

/** Reads one answer of a described protocol, message by message. */
export class MessageReader {
  /** The session's id, as soon as a message named it. */
  session: string | undefined
  readonly #shape: AnswerShape
  readonly #seen: TurnObserver
  readonly #redact: (text: string) => string
  #hasText = false
  #hasFirstToken = false
  /** The first messages, as long as none had a text where it should be: they may have it elsewhere. */
  #textless: unknown[] = []

  constructor(shape: AnswerShape, seen: TurnObserver, redact: (text: string) => string) {
    this.#shape = shape
    this.#seen = seen
    this.#redact = redact
  }

  /** Reads a message that is not parsed yet. */
  readData(data: string, event: string, atMs: number): DriverResult | undefined {
    const { end, text, when } = this.#shape
    try {
      return this.read({ value: JSON.parse(data) as unknown, event, data }, atMs)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
    const isEnd = end !== undefined && holds(end, { value: undefined, event, data })
    const isOther = when?.event !== undefined && when.event !== event
    if (isEnd) return this.end()
    if (isOther) return this.read({ value: undefined, event, data }, atMs)
    if (text.length > 0) return failed('protocol', 'a message of the answer is not valid JSON')
    return this.read({ value: data, event, data }, atMs)
  }

  /** Reads a message; a result ends the answer. */
  read(message: Message, atMs: number): DriverResult | undefined {
    const shape = this.#shape
    const { value } = message
    const error = shape.error && pointedAt(value, shape.error)
    if (isSomething(error)) return faultOfApiError(error, this.#redact)
    if (shape.session) this.session = idAt(value, shape.session) ?? this.session
    if (!this.#hasFirstToken && shape.firstToken && holds(shape.firstToken, message)) this.#token(atMs, 0)
    if (shape.working && holds(shape.working, message)) this.#seen.working?.()
    if (!shape.when || holds(shape.when, message)) this.#readText(message, atMs)
    if (!this.#hasText && this.#textless.length < messagesKept) this.#textless.push(value)
    return shape.end && holds(shape.end, message) ? this.end() : undefined
  }

  /** The answer is over: completed, if it had a text at all. */
  end(): DriverResult {
    if (this.#hasText) return completed
    const { text, when } = this.#shape
    const pointers = textPointers(this.#textless).slice(0, pointersTold)
    const there = pointers.map((pointer) => JSON.stringify(this.#redact(pointer))).join(', ')
    const found = there === '' ? '' : `; there is text at ${there}`
    const which = when ? ', in the messages that "when" lets through' : ''
    return failed(
      'protocol',
      `the answer has no text at ${JSON.stringify(pointerText(text))}${which}${found}`,
    )
  }

  #readText({ value, data }: Message, atMs: number): void {
    const { text, tokens } = this.#shape
    const found = pointedAt(value, text)
    const part = text.length === 0 && typeof found !== 'string' ? data : found
    if (typeof part !== 'string') return
    this.#found()
    if (part === '') return
    const count = tokens && pointedAt(value, tokens)
    this.take(part, typeof count === 'number' && count >= 0 && count <= maxTokens ? count : 1, atMs)
  }

  /** A message says nothing but a token; its text is undefined where nobody reads it. */
  take(text: string | undefined, count: number, atMs: number): void {
    this.#found()
    if (text !== undefined) this.#seen.text(text)
    this.#token(atMs, count)
  }

  #found(): void {
    if (this.#hasText) return
    this.#hasText = true
    this.#textless = []
  }

  #token(atMs: number, count: number): void {
    this.#hasFirstToken = true
    this.#seen.token(atMs, count)
  }
}

const messagesKept = 20
const pointersTold = 5

/** Of one message: what a target counts beyond this is no count. */
const maxTokens = 1_000_000
