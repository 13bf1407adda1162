import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request as it came. */
export interface Incoming {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly sentAtMs: number
}
