import type { ServerResponse } from 'node:http'
import type { ApiError, ApiErrorCode, MessageOut, StageTimings, StreamEvent } from '../wire/session-api.ts'
import { sseEvent } from '../wire/sse.ts'
import type { TurnFailure } from './messages.ts'

const statusOf: Record<ApiErrorCode, number> = {
  rate_limited: 429,
  overloaded: 429,
  busy: 429,
  timeout: 504,
  model_error: 502,
  not_found: 404,
  bad_request: 400,
  internal: 500,
}

/** Sends a whole answer. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

/** Sends an error with its status; one that says when to retry says so in the headers too. */
export function sendError(
  response: ServerResponse,
  failure: TurnFailure,
  status = statusOf[failure.code],
): void {
  const { retryAfterMs } = failure
  const headers =
    retryAfterMs === undefined
      ? undefined
      : { 'retry-after': `${Math.ceil(retryAfterMs / 1000)}`, 'retry-after-ms': `${Math.ceil(retryAfterMs)}` }
  sendJson(response, status, { error: apiError(failure) }, headers)
}

/** Why a turn has no answer, as the session API tells it. */
export function apiError({ code, message, retryAfterMs }: TurnFailure): ApiError {
  return { code, message, ...(retryAfterMs === undefined ? {} : { retry_after_ms: Math.ceil(retryAfterMs) }) }
}

/** One event of the session API's stream. */
export function streamEvent({ type, ...data }: StreamEvent): string {
  return sseEvent(JSON.stringify(data), type)
}

/** `Server-Timing` of a turn's stages. */
export function serverTiming(timings: StageTimings): string {
  return Object.entries(timings)
    .map(([stage, ms]) => `${stage};dur=${(ms as number).toFixed(1)}`)
    .join(', ')
}

/** Stage times to a hundredth of a millisecond: what a clock of ours is good for. */
export function rounded(message: MessageOut): MessageOut {
  const timings = Object.fromEntries(
    Object.entries(message.timings).map(([stage, ms]) => [stage, Math.round((ms as number) * 100) / 100]),
  )
  return { ...message, timings: timings as unknown as StageTimings }
}
