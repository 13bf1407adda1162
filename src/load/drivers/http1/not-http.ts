/** What came is not HTTP/1.1. */
export class NotHttp extends Error {
  readonly code = 'ERR_NOT_HTTP'
}
