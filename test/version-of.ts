/** What requests to this path have to say beside their body: Claude's, the version of the API. */
export const versionOf = (path: string): Readonly<Record<string, string>> =>
  path.startsWith('/v1/messages') ? { 'anthropic-version': '2023-06-01' } : {}
