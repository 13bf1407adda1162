/** What Google calls an error of this status. */
const namesByStatus: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** An error as the Gemini API shapes it; when to try again stands in its details, and in no header. */
export function geminiErrorBody(
  { status, message }: { readonly status: number; readonly message: string },
  retryAfterMs?: number,
): string {
  const retry = {
    '@type': 'type.googleapis.com/google.rpc.RetryInfo',
    retryDelay: `${Math.ceil(retryAfterMs ?? 0) / 1000}s`,
  }
  return JSON.stringify({
    error: {
      code: status,
      message,
      status: namesByStatus[status] ?? (status < 500 ? 'FAILED_PRECONDITION' : 'UNAVAILABLE'),
      ...(retryAfterMs === undefined ? {} : { details: [retry] }),
    },
  })
}
