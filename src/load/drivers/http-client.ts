import type { TurnSignal } from '../turn-signal.ts'
import type { IncomingHttpHeaders } from 'undici/types/header.js'
import { monotonicMs } from '../../clock/now.ts'
import type { UserRow } from '../../workload/target-access.ts'
import type {
  DriverOptions,
  DriverResult,
  HttpMethod,
  TurnObserver,
  UserAnswer,
  UserRequest,
} from '../driver.ts'
import { isProxied } from './dispatcher-to.ts'
import {
  type AnswerReader,
  type AtEnd,
  type EventReader,
  type JsonAnswer,
  type LineReader,
  type SharedPattern,
  endedEarly,
  eventOrJsonReader,
  eventReader,
  jsonReader,
  lineReader,
  textReader,
} from './answer-readers.ts'
import { type Decoder, decoderOf, isEncoded } from './decoder.ts'
import { abandoned, failed, faultOfError, oneLine, redactor } from './fault.ts'
import type { SecretWords } from './secret-words.ts'
import { socketTransport } from './http1/socket-transport.ts'
import type { Exchange, Transport, TransportHandler } from './transport.ts'
import { undiciTransport } from './undici-transport.ts'

export interface HttpRequest {
  readonly method: HttpMethod
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

/** The HTTP that drivers share: bounded, keep-alive, no redirects, and every fault a result. */
export interface HttpClient {
  readonly redact: (text: string) => string
  json(request: HttpRequest, seen: TurnObserver | undefined, signal: TurnSignal): Promise<JsonAnswer>
  events(
    request: HttpRequest,
    seen: TurnObserver,
    signal: TurnSignal,
    reader: EventReader,
    atEnd?: AtEnd,
    /** Reads what is answered as one JSON instead of a stream. */
    readWhole?: (body: unknown) => DriverResult,
  ): Promise<DriverResult>
  /** Newline-delimited messages; empty lines are left out. */
  lines(
    request: HttpRequest,
    seen: TurnObserver,
    signal: TurnSignal,
    read: LineReader,
    atEnd: AtEnd,
  ): Promise<DriverResult>
  /** Sends what is no turn and reads whatever comes. */
  readonly request: (request: UserRequest, signal: TurnSignal) => Promise<UserAnswer>
  /** Lets the session's user in, where the target demands it; what goes wrong shows in the next request. */
  readonly ready?: (session: number, signal: TurnSignal) => Promise<void>
  /** What templates say of the session's user. */
  readonly row?: (session: number) => UserRow | undefined
  /** Nothing of this session is waited for. */
  release(session: number): void
  /** The session is over. */
  readonly leave?: (session: number) => void
  close(): Promise<void>
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
  const lingering: Lingering = new Map()
  const shared: SharedPattern = { newest: undefined }

  function exchange<T>(
    request: HttpRequest,
    reader: AnswerReader<T>,
    broken: (result: DriverResult) => T,
    signal: TurnSignal,
    seen: TurnObserver | undefined,
  ): Promise<T> {
    release(request.session)
    if (signal.aborted) return Promise.resolve(broken(abandoned))
    return new Promise<T>((resolve, reject) => {
      const exchange = new OneExchange<T>(request, reader, broken, signal, seen, lingering, resolve, reject)
      const sent = transport.send(
        {
          method: request.method,
          path: (request.fromHost ? request.path : basePath + request.path) || '/',
          headers: common.length > 0 ? [...common, ...request.headers] : request.headers,
          body: request.body,
          session: request.session,
        },
        exchange,
      )
      exchange.sent = sent
      seen?.exchange?.(sent)
    })
  }

  function release(session: number): void {
    const exchange = lingering.get(session)
    if (!exchange) return
    lingering.delete(session)
    exchange.cut()
  }

  return {
    redact,
    release,
    json: (request, seen, signal) =>
      exchange<JsonAnswer>(request, jsonReader(seen, redact), (fault) => ({ fault }), signal, seen),
    events: (request, seen, signal, reader, atEnd = endedEarly, readWhole) =>
      exchange(
        request,
        readWhole
          ? eventOrJsonReader(
              eventReader(seen, redact, options.now, reader, atEnd, shared),
              jsonReader(seen, redact),
              readWhole,
            )
          : eventReader(seen, redact, options.now, reader, atEnd, shared),
        (fault) => fault,
        signal,
        seen,
      ),
    lines: (request, seen, signal, read, atEnd) =>
      exchange(request, lineReader(seen, redact, options.now, read, atEnd), (fault) => fault, signal, seen),
    request: (request, signal) =>
      exchange<UserAnswer>(
        { ...request, fromHost: true },
        textReader(),
        (fault) => ({ fault }),
        signal,
        undefined,
      ),
    async close() {
      for (const session of lingering.keys()) release(session)
      await transport.close()
    },
  }
}

/** Exchanges that were answered but have not ended, by session. */
type Lingering = Map<number, { cut(): void }>

/** A request until its result is there, and beyond where the stream goes on. */
class OneExchange<T> implements TransportHandler {
  sent: Exchange | undefined
  readonly #request: HttpRequest
  readonly #reader: AnswerReader<T>
  readonly #broken: (result: DriverResult) => T
  readonly #signal: TurnSignal
  readonly #seen: TurnObserver | undefined
  readonly #lingering: Lingering
  readonly #resolve: (value: T) => void
  readonly #reject: (error: unknown) => void
  readonly #onAbort = (): void => {
    this.#settle(this.#broken(abandoned))
    this.cut()
  }
  /** Of an answer that the target compressed. */
  #decoder: Decoder | undefined
  #settled = false
  #ended = false
  #status = 0

  constructor(
    request: HttpRequest,
    reader: AnswerReader<T>,
    broken: (result: DriverResult) => T,
    signal: TurnSignal,
    seen: TurnObserver | undefined,
    lingering: Lingering,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.#request = request
    this.#reader = reader
    this.#broken = broken
    this.#signal = signal
    this.#seen = seen
    this.#lingering = lingering
    this.#resolve = resolve
    this.#reject = reject
    signal.addEventListener('abort', this.#onAbort)
  }

  cut(): void {
    this.sent?.cut()
    this.#decoder?.destroy()
  }

  sentAgain(): void {
    this.#seen?.sentAgain?.()
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status
    this.#request.answered?.(status, headers)
    try {
      const early = this.#reader.start(status, headers) ?? this.#decode(headers['content-encoding'])
      if (early === undefined) return
      this.#settle(early)
    } catch (error) {
      this.#bug(error)
      return
    }
    this.cut()
  }

  data(bytes: Buffer, from: number, to: number): void {
    if (this.#settled) return
    if (this.#decoder) this.#decoder.write(Buffer.copyBytesFrom(bytes, from, to - from))
    else this.#read(bytes, from, to)
  }

  end(): void {
    this.#ended = true
    this.#over()
    if (this.#decoder) this.#decoder.end()
    else this.#finish()
  }

  error(error: Error): void {
    this.#over()
    this.#settle(this.#broken(faultOfError(error, this.#status)))
    this.#decoder?.destroy()
  }

  /** A fault where the target compressed its answer in a way that nobody here knows. */
  #decode(header: string | string[] | undefined): T | undefined {
    const coding = [header ?? ''].flat().join(', ')
    if (!isEncoded(coding)) return undefined
    const name = oneLine(coding)
    this.#decoder = decoderOf(coding, {
      data: (bytes) => this.#settled || this.#read(bytes, 0, bytes.length),
      end: () => this.#finish(),
      error: () => {
        this.#settle(this.#broken(failed('protocol', `the answer is not the ${name} that it says`)))
        this.cut()
      },
    })
    if (this.#decoder) return undefined
    return this.#broken(failed('protocol', `the target answered in the encoding ${name}, which is not known`))
  }

  #read(bytes: Buffer, from: number, to: number): void {
    let result: T | undefined
    try {
      result = this.#reader.data(bytes, from, to)
    } catch (error) {
      this.#bug(error)
      return
    }
    if (result === undefined) return
    this.#settle(result)
    if (this.#ended) return
    if (this.#reader.isWhole(result)) this.#lingering.set(this.#request.session, this)
    else this.cut()
  }

  #finish(): void {
    if (this.#settled) return
    try {
      this.#settle(this.#reader.end())
    } catch (error) {
      this.#bug(error)
    }
  }

  #settle(value: T): void {
    if (this.#settled) return
    this.#settled = true
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.#resolve(value)
  }

  /** What a reader throws is a bug of ours and not a fault of the target. */
  #bug(error: unknown): void {
    this.#settled = true
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.cut()
    this.#reject(error)
  }

  #over(): void {
    const { session } = this.#request
    if (this.#lingering.size > 0 && this.#lingering.get(session) === this) this.#lingering.delete(session)
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
    share: options.crews ?? 1,
    nowMs: monotonicMs,
  })
}
