import type { TlsOptions } from '../../workload/target-access.ts'

/** A call on its way to the agent. */
export interface OutgoingCall {
  readonly session: number
  readonly callSid: string
  /** Of its scenario; urgent calls come in by a number of their own. */
  readonly priority: number
  /** W3C trace context of the call. */
  readonly traceparent: string
}

/** The line of one call that is up. */
export interface CallLine {
  /** One frame of the caller's sound, as base64. */
  frame(payload: string): void
  press(digit: string): void
  /** A mark of the agent's has been played. */
  marked(name: string): void
  /** Says goodbye and lets go of everything. */
  hangUp(): void
}

/** How a line ended that was not hung up here. */
export interface LineEnd {
  readonly how: 'byAgent' | 'broken' | 'handedOff'
  /** For people: one line, no secret in it. */
  readonly message?: string
}

/** Whom a line tells what comes from the agent; instants are the run's clock. */
export interface LineEvents {
  /** Sound is the line's own, good until this returns. */
  media(sound: Uint8Array): void
  mark(name: string): void
  /** Takes back what has not been played; tells how much that was, milliseconds. */
  clear(): number
  ended(end: LineEnd): void
}

/** A call that did not come up: the agent rejected it, handed the caller on at once, or is to blame. */
export interface NoLine {
  readonly how: 'failed' | 'rejected' | 'handedOff'
  readonly message: string
}

/** A protocol that brings calls to agents. It never throws for what an agent does. */
export interface CallDriver {
  call(call: OutgoingCall, events: LineEvents, signal: AbortSignal): Promise<CallLine | NoLine>
  /** Frees every connection. */
  close(): Promise<void>
}

export interface CallDriverOptions {
  /** Base URL of the agent. */
  readonly url: string
  /** Sent with webhooks and handshakes; never printed. */
  readonly headers: Readonly<Record<string, string>>
  /** Whom to believe behind `https:` and `wss:`, and who the caller is. */
  readonly tls?: TlsOptions
  readonly isAllowed: (url: string) => boolean
  /** The model of speech-to-speech agents. */
  readonly model: string
  readonly webhook: string
  /** Where the stream is taken without a webhook. */
  readonly stream?: string
  readonly authToken?: string
  readonly now: () => number
  readonly at: (atMs: number, ring: () => void) => { cancel(): void }
}

export type CallDriverFactory = (options: CallDriverOptions) => CallDriver
