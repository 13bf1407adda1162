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

/** Told of one answer. After `end`, `error` or a cut it hears nothing more. */
export interface TransportHandler {
  /** The answer's head; interim ones (1xx) are left out. */
  head(status: number, headers: IncomingHttpHeaders): void
  /** A piece of the body: these of the bytes, which are valid only during the call. */
  data(bytes: Buffer, from: number, to: number): void
  end(): void
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
