import type { PhoneRecord } from './phone-records.ts'
import type { FaultName } from '../workload/fault.ts'

/**
 * How a turn or call ended. `rejected` is shed at the agent's door (for a call: refused by a quota); `failed` is
 * any other answer that is no answer; `abandoned` is the user who gave up (for a call: cut by its caller).
 */
export type Outcome = 'completed' | 'failed' | 'abandoned' | 'rejected'

/** Why it was not completed. `none` for completed turns. */
export type ErrorKind =
  | 'none'
  | 'rate_limited'
  | 'overloaded'
  | 'timeout'
  /** Not even tried: the agent's circuit breaker is open. */
  | 'circuit_open'
  | 'abandoned'
  | 'connect'
  | 'protocol'
  | 'cut'
  | 'http_4xx'
  | 'http_5xx'
  | 'unexpected'
  /** The agent answered from words of another session. */
  | 'cross_session'
  /** The agent answered without what its own session had said before. */
  | 'lost_history'
  /** The user's script threw: what it would have said next was never sent. */
  | 'script'

/**
 * What happened to one turn, as raw instants on the run's clock (milliseconds; compressed time already
 * stretched back to the workload's). A latency is a function of a record, never stored.
 */
export interface TurnRecord {
  kind: 'turn'
  session: number
  turn: number
  /** Index into `Workload.scenarios`. */
  scenario: number
  /** When the plan says that the user sends. */
  intendedAtMs: number
  /** When the request left. */
  sentAtMs: number
  /** First answer text seen by the user; NaN when none came. */
  firstTokenAtMs: number
  endedAtMs: number
  /** Answer tokens (or chunks, where the protocol does not count) seen by the user. */
  tokens: number
  outcome: Outcome
  errorKind: ErrorKind
  /** HTTP status; 0 where there was none. */
  status: number
  /** First text that is more than a sign of work (`metrics.useful`); NaN when none came, absent where nobody looked. */
  usefulAtMs?: number
  /** Where the user met a 429 or a 503. */
  refusals?: Refusals
  /** What the user's script tells its turns apart by. */
  tags?: Tags
}

/** What refusals cost a turn: answers 429 and 503, and what its user did about them. */
export interface Refusals {
  /** Tries that were refused. */
  readonly refused: number
  /** Further tries after one of them. */
  readonly retries: number
  /** Of the retries those after a refusal that said when to come back, and those of them that did not come before. */
  readonly told: number
  readonly obeyed: number
  /** From the send to the begin of the first try that was not refused; to the end where each was. */
  readonly lostMs: number
}

/** What happened to one model call or tool call, seen from behind the agent. One record for each attempt. */
export interface CallRecord {
  kind: 'model' | 'tool'
  /** Index into `Workload.models` or `Workload.tools`. */
  service: number
  /** The turn that the call belongs to; -1 when it could not be joined. */
  session: number
  turn: number
  /** Step of the root loop, from 1; a tool call has that of the model call that asked for it. 0 within a sub-agent. */
  step: number
  /** 0 for the first try. */
  attempt: number
  sentAtMs: number
  firstTokenAtMs: number
  endedAtMs: number
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  /** Of all answers that it asked for; NaN when the request did not say. */
  maxTokens: number
  /** Depth drawn for the turn; 0 when unknown. */
  depth: number
  outcome: Outcome
  errorKind: ErrorKind
  status: number
  /** How the call found its turn. */
  joinedBy: JoinedBy
  /** What the provider made go wrong on purpose. */
  fault?: FaultName
  /** Whose messages a model call held, where they are marked. */
  canaries?: Canaries
}

/** Whose messages a model call held: turns of its own session, and other sessions of the run. */
export interface Canaries {
  readonly own: readonly number[]
  readonly foreign: readonly number[]
}

export type JoinedBy = 'id' | 'trace' | 'text' | 'none'

/** Names and values that tell apart what was measured: `{ plan: 'pro' }`. */
export type Tags = Readonly<Record<string, string>>

/** Something that a script noted. `value` is 0 or 1 for checks and rates. */
export interface ScriptSample {
  readonly kind: 'check' | 'count' | 'rate' | 'trend'
  readonly name: string
  readonly value: number
  readonly atMs: number
  /** Name of the session's scenario. */
  readonly scenario: string
  readonly tags?: Tags
}

/** The record is valid only during the call: keep a copy, not a reference. */
export type RecordSink = (record: Readonly<TurnRecord | CallRecord>) => void

/** The same of measured runs, which may have calls by telephone and what scripts note. */
export type MeasuredSink = (record: Readonly<TurnRecord | CallRecord | PhoneRecord | ScriptSample>) => void
