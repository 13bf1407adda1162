import type { IncomingHttpHeaders } from 'node:http'
import { monotonicMs } from '../clock/now.ts'
import type { SeenCall, SeenLimits } from '../result/recording.ts'
import type { ModelUsage } from '../wire/model-answer.ts'
import { AnswerWatcher } from '../wire/seen-answer.ts'
import { SseData } from '../wire/sse-data.ts'
import { streamFailures } from '../wire/stream-failure.ts'
import { forward } from './forward.ts'
import { pathOf } from './http-answer.ts'
import { holdPrice } from './hold-price.ts'
import type { Incoming } from './incoming.ts'
import { closing } from './live-calls.ts'
import type { Passing } from './pass-through.ts'
import { type PassedRequest, readPassed } from './passed-request.ts'
import type { Reservation } from './spend-guard.ts'
import { tokensOfCharacters } from '../workload/tokenizer.ts'

/** Hands a model call on, unless it could cost more than may be spent, and says what was seen of it. */
export function passCall(passing: Passing, incoming: Incoming, body: string): void {
  const asked = readPassed(pathOf(incoming.request), body)!
  const reservation = holdPrice(passing, incoming, asked)
  if (reservation) void new PassedCall(passing, incoming, asked, body).pass(reservation)
}

/** Larger bodies of one piece are handed on unread. */
const mostReadBytes = 32 * 1024 * 1024

class PassedCall {
  readonly #passing: Passing
  readonly #incoming: Incoming
  readonly #asked: PassedRequest
  readonly #body: string
  readonly #watcher: AnswerWatcher
  readonly #sse: SseData
  #whole: Buffer[] = []
  #bytes = 0
  /** Of a stream, its last characters. */
  #tail = ''
  #lastEvent = ''
  #isStream = false
  #status = 0
  #headers: IncomingHttpHeaders = {}
  #firstTokenAtMs = NaN
  #lastTokenAtMs = NaN
  #chunks = 0

  constructor(passing: Passing, incoming: Incoming, asked: PassedRequest, body: string) {
    this.#passing = passing
    this.#incoming = incoming
    this.#asked = asked
    this.#body = body
    this.#watcher = new AnswerWatcher(asked.api, passing.options.keepText ?? false)
    this.#sse = new SseData((data) => this.#event(data))
  }

  async pass(reservation: Reservation): Promise<void> {
    const { dispatcher, options, inFlight, cut } = this.#passing
    // In flight until it is told here: the caller sees the end of the answer before that.
    inFlight.enter()
    const { request, response } = this.#incoming
    await forward({
      dispatcher,
      base: options.through,
      request,
      response,
      body: this.#body,
      began: (status, headers) => {
        this.#status = status
        this.#headers = headers
        this.#isStream = /event-stream/.test(String(headers['content-type']))
      },
      watch: (piece) => this.#watch(piece),
      cut,
      lastWords: () => this.#lastWords(),
    })
    if (this.#isStream) this.#sse.end()
    else if (this.#whole.length > 0) this.#watcher.see(Buffer.concat(this.#whole).toString('utf8'))
    this.#whole = []
    const isServed = this.#status >= 200 && this.#status < 300
    const usage = isServed ? this.#usage() : undefined
    // Whoever left before an answer began was refused by nobody.
    const hasLeft = this.#status === 0 && !response.headersSent
    const isTold = this.#watcher.usage !== undefined || this.#watcher.characters > 0
    if (hasLeft || (isServed && !isTold)) reservation.forfeit()
    else reservation.settle(usage)
    options.sawCall(this.#seen(isServed && this.#watcher.isWhole, usage))
    inFlight.leave()
  }

  #watch(piece: Buffer): void {
    if (this.#isStream) {
      this.#sse.write(piece)
      this.#tail = (this.#tail + piece.toString('latin1', piece.length - 4)).slice(-4)
    } else if ((this.#bytes += piece.length) <= mostReadBytes) this.#whole.push(piece)
  }

  /** Between two events alone. */
  #lastWords(): string | undefined {
    const isBetween = this.#tail === '' || /(?:\n\n|\r\n\r\n)$/.test(this.#tail)
    return this.#isStream && isBetween ? streamFailures[this.#asked.api](closing, this.#lastEvent) : undefined
  }

  #event(data: string): void {
    this.#lastEvent = data
    const { asks, characters } = this.#watcher
    const asked = asks.length
    this.#watcher.see(data)
    const holdsText = this.#watcher.characters > characters
    if (!holdsText && asks.length === asked) return
    this.#lastTokenAtMs = monotonicMs()
    if (Number.isNaN(this.#firstTokenAtMs)) this.#firstTokenAtMs = this.#lastTokenAtMs
    // The name of a tool comes by itself before its arguments.
    if (holdsText) this.#chunks++
  }

  #usage(): ModelUsage {
    const { usage, characters, isWhole } = this.#watcher
    if (usage && isWhole) return usage
    const outputTokens = tokensOfCharacters(characters)
    if (!usage) return { inputTokens: this.#asked.inputTokens, cachedTokens: 0, outputTokens }
    // An answer that broke off is billed all the same, and may have told its usage before most of it was said.
    return { ...usage, outputTokens: Math.max(usage.outputTokens, outputTokens) }
  }

  #seen(completed: boolean, usage: ModelUsage | undefined): SeenCall {
    const { model, maxTokens, sizes, answers } = this.#asked
    const limits = limitsOf(this.#headers)
    return {
      model,
      sentAtMs: this.#incoming.sentAtMs,
      firstTokenAtMs: this.#firstTokenAtMs,
      lastTokenAtMs: this.#lastTokenAtMs,
      endedAtMs: monotonicMs(),
      status: this.#status,
      completed,
      streamed: this.#isStream,
      chunks: this.#chunks,
      inputTokens: usage?.inputTokens ?? 0,
      cachedTokens: usage?.cachedTokens ?? 0,
      outputTokens: usage?.outputTokens ?? 0,
      usageTold: this.#watcher.usage !== undefined,
      ...(maxTokens === undefined ? {} : { maxTokens }),
      sizes,
      answers,
      asks: this.#watcher.asks,
      ...(limits ? { limits } : {}),
      ...(this.#passing.options.keepText
        ? { text: { request: this.#body, answer: this.#watcher.text } }
        : {}),
    }
  }
}

/** What OpenAI, Azure and Anthropic say of a minute's quota. */
function limitsOf(headers: IncomingHttpHeaders): SeenLimits | undefined {
  const number = (name: string): number | undefined => {
    const value = Number(headers[name])
    return value > 0 && Number.isFinite(value) ? value : undefined
  }
  const anthropic = (of: string): number | undefined => number(`anthropic-ratelimit-${of}-limit`)
  const [inputTokens, outputTokens] = [anthropic('input-tokens'), anthropic('output-tokens')]
  // Of limits that are apart, Anthropic tells the tightest once more under their common name.
  const isApart = inputTokens !== undefined || outputTokens !== undefined
  const limits = Object.entries({
    requests: number('x-ratelimit-limit-requests') ?? anthropic('requests'),
    tokens: number('x-ratelimit-limit-tokens') ?? (isApart ? undefined : anthropic('tokens')),
    inputTokens,
    outputTokens,
  }).filter(([, limit]) => limit !== undefined)
  return limits.length > 0 ? Object.fromEntries(limits) : undefined
}
