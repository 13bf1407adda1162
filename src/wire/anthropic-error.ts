/** What Anthropic calls an error of this status. */
const typesByStatus: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** An error as the Anthropic API shapes it. */
export function anthropicErrorBody(
  {
    status,
    message,
    code,
    param,
  }: {
    readonly status: number
    readonly message: string
    readonly code?: string | null
    readonly param?: string | null
  },
  requestId: string | null = null,
): string {
  const type = typesByStatus[status] ?? 'api_error'
  const details = code?.startsWith('thread_') ? { details: { error_code: code } } : {}
  const isMissing = code === 'missing_required_parameter' && typeof param === 'string'
  const told = isMissing ? `${dotted(param)}: Field required` : message
  return JSON.stringify({ type: 'error', error: { type, message: told, ...details }, request_id: requestId })
}

/** `messages[0].content` as Anthropic writes it. */
const dotted = (path: string): string => path.replace(/\[(\d+)\]/g, '.$1')
