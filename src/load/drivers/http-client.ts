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
import { abandoned, faultOfError, redactor } from './fault.ts'
import type { SecretWords } from './secret-words.ts'
import { socketTransport } from './http1/socket-transport.ts'
import type { Transport } from './transport.ts'
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
  json(request: HttpRequest, seen: TurnObserver | undefined, signal: AbortSignal): Promise<JsonAnswer>
  events(
    request: HttpRequest,
    seen: TurnObserver,
    signal: AbortSignal,
    reader: EventReader,
    atEnd?: AtEnd,
    /** Reads what is answered as one JSON instead of a stream. */
    readWhole?: (body: unknown) => DriverResult,
  ): Promise<DriverResult>
  /** Newline-delimited messages; empty lines are left out. */
  lines(
    request: HttpRequest,
    seen: TurnObserver,
    signal: AbortSignal,
    read: LineReader,
    atEnd: AtEnd,
  ): Promise<DriverResult>
  /** Sends what is no turn and reads whatever comes. */
  readonly request: (request: UserRequest, signal: AbortSignal) => Promise<UserAnswer>
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
  const shared: SharedPattern = { newest: undefined }

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
      /** What a reader throws is a bug of ours and not a fault of the target. */
      const bug = (error: unknown): void => {
        settled = true
        signal.removeEventListener('abort', onAbort)
        cut()
        reject(error)
      }
      const over = (): void => {
        if (lingering.get(request.session) === cut) lingering.delete(request.session)
      }
      signal.addEventListener('abort', onAbort)
      const sent = transport.send(
        {
          method: request.method,
          path: (request.fromHost ? request.path : basePath + request.path) || '/',
          headers: [...common, ...request.headers],
          body: request.body,
          session: request.session,
        },
        {
          head(code, headers) {
            status = code
            request.answered?.(code, headers)
            try {
              const early = reader.start(code, headers)
              if (early === undefined) return
              settle(early)
            } catch (error) {
              bug(error)
              return
            }
            cut()
          },
          data(bytes, from, to) {
            if (settled) return
            let result: T | undefined
            try {
              result = reader.data(bytes, from, to)
            } catch (error) {
              bug(error)
              return
            }
            if (result === undefined) return
            settle(result)
            if (reader.isWhole(result)) lingering.set(request.session, cut)
            else cut()
          },
          end() {
            over()
            if (settled) return
            try {
              settle(reader.end())
            } catch (error) {
              bug(error)
            }
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
