/**
 * The session API of the reference agent, and of any agent that speaks it:
 *
 *   POST   /api/sessions                      {}            → 201 SessionCreated
 *   POST   /api/sessions/:id/messages         MessageIn     → 200 MessageOut, or an SSE stream of StreamEvent
 *                                                             when `Accept: text/event-stream`
 *   DELETE /api/sessions/:id                                → 204
 *
 * An error is `{ error: ApiError }` with its HTTP status; in a stream that has begun, an `error` event. 429 carries
 * `Retry-After` (seconds) and `retry-after-ms`, and its message says when to retry.
 */
export interface SessionCreated {
  readonly session_id: string
}

export interface MessageIn {
  readonly content: string
}

export interface MessageOut {
  readonly session_id: string
  /** Number of the turn in its session, from 0. */
  readonly turn: number
  readonly content: string
  /** Model calls made, rejected attempts included. */
  readonly model_calls: number
  readonly tool_calls: number
  readonly timings: StageTimings
}

/** Milliseconds of one turn by stage; also sent as `Server-Timing` (in a stream: in the `done` event). */
export interface StageTimings {
  readonly queue: number
  readonly context_load: number
  readonly prompt: number
  readonly model: number
  readonly tools: number
  readonly retry_wait: number
  readonly state_save: number
}

/** `rate_limited`: the model's quota; `overloaded`: shed at the door; `busy`: this session has too many turns waiting. */
export type ApiErrorCode =
  | 'rate_limited'
  | 'overloaded'
  | 'busy'
  | 'timeout'
  | 'model_error'
  | 'not_found'
  | 'bad_request'
  | 'internal'

export interface ApiError {
  readonly code: ApiErrorCode
  readonly message: string
  readonly retry_after_ms?: number
}

/** SSE: `event: <type>`, `data: <the rest as JSON>`. `tokens` counts what `text` holds, where the agent knows. */
export type StreamEvent =
  | { readonly type: 'token'; readonly text: string; readonly tokens?: number }
  | ({ readonly type: 'done' } & MessageOut)
  | { readonly type: 'error'; readonly error: ApiError }
