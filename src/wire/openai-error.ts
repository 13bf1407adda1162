/** An error as the OpenAI API shapes it: `{ "error": { message, type, param, code } }`. */
export interface OpenAiError {
  readonly status: number
  readonly message: string
  readonly type: string
  readonly param: string | null
  readonly code: string | null
}

/** A request that was not understood. */
export function invalidRequest(
  message: string,
  param: string | null = null,
  code: string | null = null,
): OpenAiError {
  return { status: 400, message, type: 'invalid_request_error', param, code }
}

/** An answer that the provider cannot go on with. */
export const serverError = { status: 503, type: 'server_error', param: null, code: 'server_error' } as const

/** Its body. */
export function openAiErrorBody({ message, type, param, code }: OpenAiError): string {
  return JSON.stringify({ error: { message, type, param, code } })
}
