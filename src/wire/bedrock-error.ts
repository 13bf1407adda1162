/** The exceptions of Bedrock's runtime, by status. */
const typesByStatus: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  503: 'ServiceUnavailableException',
}

/** What the header `x-amzn-errortype` says, by which clients tell exceptions apart. */
export function bedrockErrorType(status: number): string {
  return typesByStatus[status] ?? (status < 500 ? 'ValidationException' : 'ServiceUnavailableException')
}

/** An error as Bedrock's runtime shapes it; its type stands in a header. */
export function bedrockErrorBody({ message }: { readonly message: string }): string {
  return JSON.stringify({ message })
}
