import type { ErrorKind } from '../result/records.ts'
import type { OpenAiError } from '../wire/openai-error.ts'
import type { Fault, FaultName } from '../workload/fault.ts'
import { retryHeaders } from './rate-limit.ts'
import type { Headers } from './spoken-api.ts'

/** An answer that is a fault and nothing else. */
export interface RefusingFault {
  readonly error: OpenAiError
  readonly kind: ErrorKind
  readonly headers: Headers
}

type Words = readonly [status: number, kind: ErrorKind, type: string, code: string | null, message: string]

const words: Partial<Record<FaultName, Words>> = {
  429: [429, 'rate_limited', 'requests', 'rate_limit_exceeded', 'Rate limit reached'],
  500: [500, 'http_5xx', 'server_error', null, 'The server had an error while processing your request'],
  503: [503, 'http_5xx', 'server_error', 'server_error', 'The service is temporarily unavailable'],
  529: [529, 'overloaded', 'server_error', 'overloaded', 'Overloaded'],
}

/** What a call is told that a fault refuses; undefined for faults that do something else. */
export function refusingFault({ name, retryAfterMs }: Fault, speed: number): RefusingFault | undefined {
  const said = words[name]
  if (!said) return undefined
  const [status, kind, type, code, message] = said
  const error = { status, type, param: null, code, message: `${message} (a fault that Plimsoll injects).` }
  return { error, kind, headers: retryAfterMs === undefined ? {} : retryHeaders(retryAfterMs, speed) }
}

/** What whoever waited in vain is told, where a timeout has an end. */
export const timedOut: OpenAiError = {
  status: 504,
  type: 'server_error',
  param: null,
  code: 'timeout',
  message: 'The request timed out (a fault that Plimsoll injects).',
}
