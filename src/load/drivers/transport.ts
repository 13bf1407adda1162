import type { IncomingHttpHeaders } from 'undici/types/header.js'

/** One HTTP exchange to make. */
export interface TransportRequest {
  readonly method: string
  /** From the host on. */
  readonly path: string
  /** Names and values in turn; length and host are the transport's to say. */
  readonly headers: readonly string[]
  readonly body: string | undefined
  readonly session: number
}

/** Targets close connections that lie idle after a second at the least. */
const leastIdleMs = 900
/** After this long the end is no longer on its way while the request is. */
const mostOnTheWayMs = 250

/**
 * Whether a connection that ended before any of the answer was closed by the target while it lay idle: the request and
 * the end met on the way. Then it goes out again over another, as browsers have it. Everywhere else the end is what the
 * target did with the request. `idleMs` is how long the connection lay idle before, 0 of a new one.
 */
export const wasClosedIdle = (idleMs: number, sinceSentMs: number): boolean =>
  idleMs >= leastIdleMs && sinceSentMs < mostOnTheWayMs

/** Told of one answer. After `end`, `error` or a cut it hears nothing more. */
export interface TransportHandler {
  /** The answer's head; interim ones (1xx) are left out. */
  head(status: number, headers: IncomingHttpHeaders): void
  /** A piece of the body: these of the bytes, which are valid only during the call. */
  data(bytes: Buffer, from: number, to: number): void
  end(): void
  /** The request went out again, since the target had closed the kept connection that it was sent over. */
  sentAgain?(): void
  /** There was no connection, it broke, or what came over it was not HTTP. */
  error(error: Error): void
}

/** A request under way. */
export interface Exchange {
  /** Ends it and frees its connection. */
  cut(): void
  /** Nothing more is read until `resume`: the sender's window fills up. */
  pause(): void
  resume(): void
}

/** HTTP over connections that are kept open between exchanges. */
export interface Transport {
  /** Sends a request at once. */
  send(request: TransportRequest, handler: TransportHandler): Exchange
  close(): Promise<void>
}
