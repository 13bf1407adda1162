import type { Breakers, Fallback } from '../workload/agent-rules.ts'
import type { Retries } from '../workload/workload.ts'
import type { ApiErrorCode, StageTimings } from '../wire/session-api.ts'

/** A message of the conversation as sessions keep it: `pad` tokens of retrieved context stand before the text. */
export interface KeptMessage {
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly padTokens: number
}

/** One turn on its way to a worker: everything that was drawn for it, and nothing that cannot be cloned. */
export interface TurnJob {
  readonly id: number
  /** Names the turn for draws of the worker's own (jitter). */
  readonly key: { readonly run: number; readonly session: number; readonly turn: number }
  readonly traceparent: string
  /** Index into `WorkerSettings.models`. */
  readonly model: number
  readonly systemTokens: number
  readonly history: readonly KeptMessage[]
  readonly message: KeptMessage
  /** Wall milliseconds. */
  readonly waits: { readonly loadMs: number; readonly promptMs: number; readonly saveMs: number }
  readonly stream: boolean
}

/** What all workers are told once. Durations are workload milliseconds, to be divided by `speed`. */
export interface WorkerSettings {
  readonly modelUrl: string
  readonly toolsUrl: string
  readonly apiKey: string
  readonly callerName: string
  readonly speed: number
  readonly models: readonly {
    readonly id: string
    readonly maxTokens?: number
    readonly fallback?: Fallback
  }[]
  readonly tools: readonly ToolDeclaration[]
  /** Agents that are tools of this one, by the name of the tool. */
  readonly subagents: Readonly<Record<string, SubagentSettings>>
  readonly steps: number
  readonly retries: Retries
  readonly breakers?: Breakers
  /** Of an agent on the telephone: breakers for each model and tool, and what becomes of a turn whose tool fails. */
  readonly voice?: { readonly breakers?: Breakers; readonly partialAnswers: boolean }
  /** Limits on one call of a model, and of a tool. */
  readonly callMs?: number
  readonly toolMs?: number
  readonly cpuPerCallMs: number
  readonly cpuPerTokenMs: number
}

/** An agent that is a tool of another: its loop runs in the turn that calls it. */
export interface SubagentSettings {
  /** Index into `WorkerSettings.models`. */
  readonly model: number
  readonly tools: readonly ToolDeclaration[]
  readonly systemTokens: number
  readonly messageTokens: number
  /** Share of its calls that come to nothing after its loop. */
  readonly failure: number
}

/** A tool as Chat Completions wants it declared. */
export interface ToolDeclaration {
  readonly type: 'function'
  readonly function: {
    readonly name: string
    readonly description: string
    readonly parameters: Record<string, unknown>
  }
}

export type ToWorker =
  | { readonly type: 'turn-start'; readonly job: TurnJob }
  | { readonly type: 'turn-cancel'; readonly id: number }

export type FromWorker =
  | { readonly type: 'worker-ready' }
  /** Answer text of one tick of the event loop, flat: id, text, tokens, id, text, tokens, ... */
  | { readonly type: 'text-batch'; readonly parts: readonly (number | string)[] }
  | { readonly type: 'turn-end'; readonly id: number; readonly result: TurnResult }

/** What a worker did for a turn; `queue` is added by the one who queued it. Milliseconds of wall time. */
export interface TurnReport {
  readonly modelCalls: number
  readonly toolCalls: number
  /** Model calls that were answered with 429. */
  readonly rateLimited: number
  readonly outputTokens: number
  readonly timings: Omit<StageTimings, 'queue'>
}

export type TurnResult = TurnReport &
  ({ readonly ok: true; readonly content: string } | { readonly ok: false; readonly failure: TurnFailure })

/** Why a turn has no answer. */
export interface TurnFailure {
  readonly code: ApiErrorCode
  readonly message: string
  readonly retryAfterMs?: number
}

/** A call took longer than the agent's limit on it. */
export class CallTimeout extends Error {}

/** Thrown inside a turn; ends it with `failure`. */
export class TurnError extends Error {
  readonly failure: TurnFailure

  constructor(failure: TurnFailure) {
    super(failure.message)
    this.failure = failure
  }
}
