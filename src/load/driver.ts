import type { ModelUsage } from '../wire/model-answer.ts'
import type { TurnSignal } from './turn-signal.ts'
import type { ErrorKind, Outcome } from '../result/records.ts'
import type { TargetConnection, UserAccess } from '../workload/target-access.ts'
import type { HttpProtocol, WebSocketProtocol } from '../workload/target.ts'

/** One user message on its way to the target. */
export interface DriverTurn {
  readonly session: number
  readonly turn: number
  readonly text: string
  /** W3C trace context of this turn. */
  readonly traceparent: string
  /** True on the last turn of the session: the driver may close what it holds. */
  readonly last: boolean
}

/** Where a driver reports what it sees, while it sees it. Instants are the run's clock, milliseconds. */
export interface TurnObserver {
  /** `count` tokens (or chunks) of answer text arrived. */
  token(atMs: number, count: number): void
  /** Absent where nobody reads them. */
  header?(name: string, value: string): void
  status(code: number): void
  /** Answer text, for `expect`; kept only as long as the turn. */
  text(part: string): void
  /** False while text is thrown away: then it need not be told. */
  readonly wantsText?: boolean
  /** The agent shows that it is still at work: a thought, a tool call, a status. Text before it was no answer yet. */
  working?(): void
  /** What the target says that the answer cost in tokens; the last word counts. */
  usage?(tokens: ModelUsage): void
  /** The request went out again: the target had closed the kept connection that it was sent over. */
  sentAgain?(): void
  /** The exchange that the answer comes over, for readers that stall. */
  exchange?(exchange: ReadableExchange): void
}

export interface ReadableExchange {
  pause(): void
  resume(): void
}

export interface DriverResult {
  readonly outcome: Outcome
  readonly errorKind: ErrorKind
  /** What the target said about coming back. */
  readonly retryAfterMs?: number
  /** For people: one line, no secret in it. */
  readonly message?: string
}

/**
 * A protocol. It never throws for what a target does: every fault is a result. An aborted signal ends the turn at
 * once and frees its connection.
 */
export interface Driver {
  /** What a user does before the first message of a session and outside its turns: logs in. Never fails: the turn will. */
  readonly ready?: ((session: number, signal: TurnSignal) => Promise<void>) | undefined
  turn(turn: DriverTurn, seen: TurnObserver, signal: TurnSignal): Promise<DriverResult>
  /** Absent where the protocol is not HTTP. */
  readonly request?: ((request: UserRequest, signal: TurnSignal) => Promise<UserAnswer>) | undefined
  /** No turn of this session follows: for sessions whose last turn was not known to be it. */
  leave(session: number): void
  /** Frees every connection. */
  close(): Promise<void>
}

/** A request of a user's own beside its turns: with its login and its cookies, and never a turn. */
export interface UserRequest {
  readonly session: number
  readonly method: HttpMethod
  /** From the target's host on. */
  readonly path: string
  /** Names and values in turn, on top of the target's own. */
  readonly headers: readonly string[]
  readonly body?: string
}

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Whatever was answered, also 404; a fault where there was no answer. */
export type UserAnswer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }
  | { readonly fault: DriverResult }

/** What a driver is told once, before the first turn. */
export interface DriverOptions {
  /** Base URL of the target. */
  readonly url: string
  /** Sent with every request; never printed. */
  readonly headers: Readonly<Record<string, string>>
  /** Never printed either. */
  readonly secrets: readonly string[]
  /** Most connections held at once; `Infinity` for open load. */
  readonly connections: number
  /** The run's clock. */
  readonly now: () => number
  /** Calls `ring` at an instant of that clock, unless it is cancelled before. */
  readonly at: (atMs: number, ring: () => void) => { cancel(): void }
  /** How many users there are: session s is of user s mod this many; `Infinity` for open load. */
  readonly users: number
  /** How many drivers share this machine's ports: one for each crew. 1 where absent. */
  readonly crews?: number
  /** For model endpoints: the model named in the request, and the cap on its answer. */
  readonly model: string
  readonly maxTokens?: number
  /** For model endpoints: earlier messages sent along. */
  readonly historyMessages: number
  /** What the driver `http` speaks. */
  readonly http?: HttpProtocol
  /** What the driver `websocket` speaks. */
  readonly websocket?: WebSocketProtocol
  /** Where users are not all alike. */
  readonly access?: UserAccess
  /** Where connections are not the usual ones. */
  readonly connection?: TargetConnection
  /** What stands between this machine and others. */
  readonly proxies?: Proxies
}

/** Addresses of proxies by the protocol of the target, and the hosts that are reached without them. */
export interface Proxies {
  readonly http?: string
  readonly https?: string
  readonly no?: string
}

export type DriverFactory = (options: DriverOptions) => Driver
