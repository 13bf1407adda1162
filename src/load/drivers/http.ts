import type { TurnSignal } from '../turn-signal.ts'
import { waitUnlessAborted } from '../wait-unless-aborted.ts'
import { withinLimit } from '../within-limit.ts'
import type { HttpProtocol, PollRequest } from '../../workload/target.ts'
import type {
  Driver,
  DriverFactory,
  DriverOptions,
  DriverResult,
  DriverTurn,
  TurnObserver,
} from '../driver.ts'
import { failed } from './fault.ts'
import { fillRequest, ownName } from './fill-template.ts'
import { type JsonAnswer, endedEarly } from './answer-readers.ts'
import type { HttpClient, HttpRequest } from './http-client.ts'
import { openClient } from './open-client.ts'
import { traceHeaders } from './open-sessions.ts'
import { messageTokens } from './message-tokens.ts'
import { MessageReader, holds, idAt, pointedAt } from './read-message.ts'

const closingMs = 1000
const accepted = { json: 'application/json', sse: 'text/event-stream', ndjson: 'application/x-ndjson' }

/** One turn under way, with what reads its answer. */
interface TurnUnderWay {
  readonly turn: DriverTurn
  readonly reader: MessageReader
  readonly seen: TurnObserver
  readonly signal: TurnSignal
}

/** Any HTTP API, as the workload file describes it. */
export const http: DriverFactory = (options) => {
  if (!options.http) throw new Error('the driver http needs its description')
  return new HttpDriver(options, options.http)
}

class HttpDriver {
  readonly #options: DriverOptions
  readonly #protocol: HttpProtocol
  readonly #client: HttpClient
  /** What the target calls each session that is open. */
  readonly #ids = new Map<number, string>()
  readonly #ending = new Set<Promise<unknown>>()

  constructor(options: DriverOptions, protocol: HttpProtocol) {
    this.#options = options
    this.#protocol = protocol
    this.#client = openClient({ ...options, secrets: [...options.secrets, ...headersIn(protocol)] })
  }

  get ready(): Driver['ready'] {
    return this.#client.ready
  }

  get request(): Driver['request'] {
    return this.#client.request
  }

  async turn(turn: DriverTurn, seen: TurnObserver, signal: TurnSignal): Promise<DriverResult> {
    const { open } = this.#protocol
    if (open && !this.#ids.has(turn.session)) {
      const fault = await this.#open(turn, seen, signal)
      if (fault) return fault
    }
    if (!this.#targetNames) this.#ids.set(turn.session, ownName(turn))
    const { answer, poll, send } = this.#protocol
    const reader = new MessageReader(answer, seen, this.#client.redact)
    const request = this.#request(send, turn, answer.format)
    const underWay = { turn, reader, seen, signal }
    const result = poll
      ? await this.#sendAndPoll(poll, request, underWay)
      : answer.format === 'json'
        ? this.#readAnswer(await this.#client.json(request, seen, signal), reader)
        : await this.#readStream(request, underWay)
    if (reader.session !== undefined) this.#ids.set(turn.session, reader.session)
    // A session that the target has forgotten is opened anew by the next turn.
    if (result.errorKind === 'http_4xx') this.#ids.delete(turn.session)
    else if (turn.last) this.#end(turn)
    return result
  }

  async #open(turn: DriverTurn, seen: TurnObserver, signal: TurnSignal): Promise<DriverResult | undefined> {
    const open = this.#protocol.open!
    const answer = await this.#client.json(this.#request(open, turn, 'json'), seen, signal)
    if ('fault' in answer) return answer.fault
    // The turn's status is that of its message, which has none yet.
    seen.status(0)
    const id = open.session ? idAt(answer.body, open.session) : ownName(turn)
    if (id === undefined) return failed('protocol', 'the target opened a session without an id')
    this.#ids.set(turn.session, id)
    return undefined
  }

  #readStream(request: HttpRequest, { reader, seen, signal }: TurnUnderWay): Promise<DriverResult> {
    const { format, end } = this.#protocol.answer
    const atEnd = end ? endedEarly : (): DriverResult => reader.end()
    if (format === 'sse') {
      const tokens = messageTokens(this.#protocol.answer, reader, seen)
      return this.#client.events(
        request,
        seen,
        signal,
        {
          read: ({ data, event = 'message' }, atMs) => reader.readData(data, event, atMs),
          ...(tokens ? { tokens } : {}),
        },
        atEnd,
      )
    }
    return this.#client.lines(request, seen, signal, (line, atMs) => reader.readData(line, '', atMs), atEnd)
  }

  #readAnswer(answer: JsonAnswer, reader: MessageReader): DriverResult {
    return 'fault' in answer ? answer.fault : this.#readWhole(answer.body, reader)
  }

  #readWhole(value: unknown, reader: MessageReader): DriverResult {
    return reader.read({ value, event: '', data: '' }, this.#options.now()) ?? reader.end()
  }

  async #sendAndPoll(poll: PollRequest, request: HttpRequest, underWay: TurnUnderWay): Promise<DriverResult> {
    const { signal } = underWay
    const result = await withinLimit(this.#options, poll.limitMs, signal, (within) =>
      this.#poll(poll, request, { ...underWay, signal: within }),
    )
    return result.outcome === 'abandoned' && !signal.aborted
      ? failed('timeout', 'the answer was not there within the limit of polling')
      : result
  }

  async #poll(poll: PollRequest, request: HttpRequest, underWay: TurnUnderWay): Promise<DriverResult> {
    const { turn, reader, seen, signal } = underWay
    let answer = await this.#client.json(request, seen, signal)
    if ('fault' in answer) return answer.fault
    const question = this.#question(poll, turn, answer.body)
    if ('outcome' in question) return question
    for (;;) {
      const message = { value: answer.body, event: '', data: '' }
      if (holds(poll.done, message)) return this.#readWhole(answer.body, reader)
      if (poll.failed && holds(poll.failed, message)) return this.#failedJob(answer.body, reader)
      await waitUnlessAborted(this.#options, poll.intervalMs, signal)
      answer = await this.#client.json(question, seen, signal)
      if ('fault' in answer) return answer.fault
      if (poll.done.at && poll.done.is && pointedAt(answer.body, poll.done.at) === undefined)
        return failed('protocol', 'the answer to a poll does not say how far it is')
    }
  }

  #failedJob(value: unknown, reader: MessageReader): DriverResult {
    const { error } = this.#protocol.answer
    const why = error && reader.read({ value, event: '', data: '' }, this.#options.now())
    return why ?? failed('http_5xx', 'the target says that the job failed')
  }

  /** What is asked until the answer is there; a fault where the target did not say how. */
  #question(poll: PollRequest, turn: DriverTurn, sent: unknown): HttpRequest | DriverResult {
    const job = poll.job && idAt(sent, poll.job)
    if (poll.job && job === undefined)
      return failed('protocol', 'the target took the message without a job id')
    const request = this.#request(poll, turn, 'json', job)
    if (!poll.url) return request
    const url = pointedAt(sent, poll.url)
    const target = new URL(this.#options.url)
    const asked = typeof url === 'string' && URL.canParse(url, target) ? new URL(url, target) : undefined
    if (!asked) return failed('protocol', 'the target took the message without an address to ask')
    if (asked.origin !== target.origin) return failed('protocol', 'the address to ask is on another host')
    return { ...request, path: asked.pathname + asked.search, fromHost: true }
  }

  #end(turn: DriverTurn): void {
    const { close } = this.#protocol
    this.#client.release(turn.session)
    if (close && this.#ids.has(turn.session)) {
      const request = this.#request(close, turn, 'json')
      const ended = this.#client.json(request, undefined, new AbortController().signal).finally(() => {
        this.#ending.delete(ended)
        this.#client.leave?.(turn.session)
      })
      this.#ending.add(ended)
    } else this.#client.leave?.(turn.session)
    this.#ids.delete(turn.session)
  }

  /** Whether sessions have the target's names rather than ours. */
  get #targetNames(): boolean {
    const { open, answer } = this.#protocol
    return open?.session !== undefined || answer.session !== undefined
  }

  #request(
    template: HttpProtocol['send'],
    turn: DriverTurn,
    format: keyof typeof accepted,
    job?: string,
  ): HttpRequest {
    const values = {
      text: turn.text,
      session: this.#ids.get(turn.session) ?? (this.#targetNames ? undefined : ownName(turn)),
      user: String(turn.session % this.#options.users),
      turn: String(turn.turn),
      traceparent: turn.traceparent,
      row: this.#client.row?.(turn.session),
      ...(job === undefined ? {} : { job }),
    }
    return fillRequest(
      template,
      values,
      ['accept', accepted[format], ...(turn.traceparent === '' ? [] : traceHeaders(turn))],
      turn.session,
    )
  }

  leave(session: number): void {
    this.#end({ session, turn: 0, text: '', traceparent: '', last: true })
  }

  async close(): Promise<void> {
    const tooLong = AbortSignal.timeout(closingMs)
    if (this.#protocol.close) for (const session of this.#ids.keys()) this.leave(session)
    const limit = new Promise<void>((resolve) => tooLong.addEventListener('abort', () => resolve()))
    await Promise.race([Promise.all(this.#ending), limit])
    await this.#client.close()
  }
}

function headersIn({ open, send, poll, close }: HttpProtocol): string[] {
  return [open, send, poll, close].flatMap((request) => Object.values(request?.headers ?? {}))
}
