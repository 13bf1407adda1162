import type { TargetConnection, UserAccess } from './target-access.ts'

/** Where and how users speak to the agent. */
export interface Target {
  readonly url: string
  /** Name of a driver: `sessions`, `openai`. */
  readonly driver: string
  /** Sent with every request; secrets already filled in from the environment, never printed. */
  readonly headers: Readonly<Record<string, string>>
  /** For model endpoints: the model named in the request. */
  readonly model?: string
  /** For the driver `http`. */
  readonly http?: HttpProtocol
  /** For the driver `websocket`. */
  readonly websocket?: WebSocketProtocol
  /** For the driver `twilio`. */
  readonly twilio?: TwilioProtocol
  /** Where users are not all alike. */
  readonly access?: UserAccess
  /** Where connections are not the usual ones. */
  readonly connection?: TargetConnection
  /** What the environment filled in anywhere above: to be taken out of whatever is shown. */
  readonly secrets: readonly string[]
}

/** Reference tokens of RFC 6901; in a list `-1` is the last entry. Empty: the whole message. */
export type JsonPointer = readonly string[]

/** JSON whose texts hold placeholders. */
export type JsonTemplate =
  | string
  | number
  | boolean
  | null
  | readonly JsonTemplate[]
  | { readonly [key: string]: JsonTemplate }

/** Any HTTP API, described. */
export interface HttpProtocol {
  /** Once a session, before its first message. */
  readonly open?: OpenRequest
  /** Once a turn. */
  readonly send: RequestTemplate
  readonly answer: AnswerShape & { readonly format: 'json' | 'sse' | 'ndjson' }
  /** Where the answer is not in the response to `send` but is asked for until it is there. */
  readonly poll?: PollRequest
  /** Once a session, after its last turn. */
  readonly close?: RequestTemplate
}

/** One JSON message a turn over a WebSocket, described; a session has a socket of its own. */
export interface WebSocketProtocol {
  readonly path: string
  /** Of the handshake. */
  readonly headers: Readonly<Record<string, string>>
  /** Subprotocols to choose from. */
  readonly protocols: readonly string[]
  /** Once a socket, before its first message. */
  readonly open?: {
    readonly body?: JsonTemplate
    /** The message after which the target is ready; its first one where not written. */
    readonly until?: Condition
    readonly session?: JsonPointer
  }
  /** Once a turn. */
  readonly send: { readonly body: JsonTemplate }
  readonly answer: AnswerShape
}

/** Calls by telephone: where the agent is asked what to do with a call, or where it takes the sound at once. */
export interface TwilioProtocol {
  readonly webhook: string
  /** Instead of the webhook. */
  readonly stream?: string
  /** Webhooks are signed where it is known. */
  readonly authToken?: string
}

/** A request whose path, headers and body hold `{session}`, `{user}`, `{text}` and their like. */
export interface RequestTemplate {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: JsonTemplate
  /** Instead of a JSON body, as a browser's form sends it. */
  readonly form?: Readonly<Record<string, string>>
}

export interface OpenRequest extends RequestTemplate {
  /** The session's id in the answer. */
  readonly session?: JsonPointer
}

export interface PollRequest extends RequestTemplate {
  /** What the answer to `send` calls the job: `{job}`. */
  readonly job?: JsonPointer
  /** The address to ask, in the answer to `send`; instead of `path`. */
  readonly url?: JsonPointer
  readonly intervalMs: number
  readonly limitMs: number
  readonly done: Condition
  readonly failed?: Condition
}

/** What lies where in a message of the target. */
export interface AnswerShape {
  /** Answer text. */
  readonly text: JsonPointer
  /** Only messages of this kind hold text. */
  readonly when?: Condition
  /** How many tokens a message's text has; 1 where not written. */
  readonly tokens?: JsonPointer
  /** A message of this kind is the first token though it may hold no text. */
  readonly firstToken?: Condition
  /** Messages of this kind show that the agent is still at work (a tool call, a status): text before was no answer yet. */
  readonly working?: Condition
  /** The last message of the answer. */
  readonly end?: Condition
  /** A message of this kind ends the turn as failed; what stands there says why. */
  readonly error?: JsonPointer
  /** The session's id, where the target names it in its answer. */
  readonly session?: JsonPointer
}

/** Holds for a message when all that is written holds. */
export interface Condition {
  /** Name of a server-sent event. */
  readonly event?: string
  /** The message's whole text: `[DONE]`. */
  readonly data?: string
  /** Something stands there that is not null, false or an empty text... */
  readonly at?: JsonPointer
  /** ...and is one of these. */
  readonly is?: readonly (string | number | boolean)[]
}
