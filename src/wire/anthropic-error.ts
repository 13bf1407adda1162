/** What Anthropic calls an error of this status. */
const typesByStatus: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

/** An error as the Anthropic API shapes it. */
export function anthropicErrorBody(
  { status, message }: { readonly status: number; readonly message: string },
  requestId: string | null = null,
): string {
  const type = typesByStatus[status] ?? 'api_error'
  return JSON.stringify({ type: 'error', error: { type, message }, request_id: requestId })
}
