import { APIConnectionError, APIError } from 'openai'
import { CallTimeout, TurnError, type TurnFailure } from './messages.ts'

/** A model call that brought no answer, in the agent's words. */
export interface ModelFailure extends TurnFailure {
  readonly retryable: boolean
}

/** What an error out of the `openai` package (or out of the stream below it) means for the turn. */
export function modelFailure(error: unknown): ModelFailure {
  if (error instanceof TurnError) return { ...error.failure, retryable: false }
  if (error instanceof CallTimeout)
    return { code: 'timeout', message: 'the model took too long', retryable: true }
  if (error instanceof APIConnectionError)
    return { code: 'model_error', message: 'the model could not be reached', retryable: true }
  if (error instanceof APIError) return failureOfAnswer(error)
  return { code: 'model_error', message: "the model's answer broke off", retryable: false }
}

function failureOfAnswer(error: APIError): ModelFailure {
  const headers: Headers | undefined = error.headers
  const status: number | undefined = error.status
  const forbidden = headers?.get('x-should-retry') === 'false'
  if (status === 429) {
    const retryAfterMs = retryAfter(headers)
    return {
      code: 'rate_limited',
      message: "the model's quota is used up",
      retryable: !forbidden,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  }
  const said = status === undefined ? 'broke off its answer with an error' : `answered ${status}`
  const retryable = status !== undefined && (status >= 500 || status === 408 || status === 409)
  return { code: 'model_error', message: `the model ${said}`, retryable: retryable && !forbidden }
}

/** `retry-after-ms`, or `Retry-After` in seconds. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '')
  if (ms >= 0) return ms
  const seconds = Number.parseFloat(headers?.get('retry-after') ?? '')
  return seconds >= 0 ? seconds * 1000 : undefined
}
