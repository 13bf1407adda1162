import type { IncomingMessage, ServerResponse } from 'node:http'
import { invalidRequest, type OpenAiError } from '../wire/openai-error.ts'
import { splitUrl } from '../wire/split-url.ts'
import { oneValue } from '../wire/one-value.ts'
import type { ReadRequest } from '../wire/request-fields.ts'
import type { Incoming } from './incoming.ts'
import { apiOf, errorOf, type Headers, type SpokenApi } from './spoken-api.ts'

/** A body and nothing more to come. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Headers = {},
): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** The error in the words of the API that the request is of. */
export function sendError(response: ServerResponse, error: OpenAiError, headers: Headers = {}): void {
  const told = errorOf(apiOf(response.req), error, headers)
  sendJson(response, error.status, told.body, told.headers)
}

/** Refuses a request that begins no call, under the request id that clients show their users. */
export function refuseRequest(
  ids: Ids,
  { response }: { readonly response: ServerResponse },
  error: OpenAiError,
): void {
  sendError(response, error, requestIdOf(ids, response))
}

/** Refuses a method that the path does not take. */
export function refuseMethod(
  ids: Ids,
  { request, response }: Pick<Incoming, 'request' | 'response'>,
  allowed: string,
): void {
  response.setHeader('allow', allowed)
  refuseRequest(ids, { response }, notAllowed(request.method ?? '', allowed))
}

/** Answers a request that begins no call with what came of reading it. */
export function answerRead(
  ids: Ids,
  { response }: { readonly response: ServerResponse },
  read: ReadRequest<string>,
): void {
  if ('error' in read) refuseRequest(ids, { response }, read.error)
  else sendJson(response, 200, read.request, requestIdOf(ids, response))
}

interface Ids {
  nextId(): string
}

/** The id of a request that is no call, in the header in which its API tells it. */
export function requestIdOf(ids: Ids, { req }: ServerResponse): Headers {
  const name = requestIdHeaders[apiOf(req)]
  return name === undefined ? {} : { [name]: `req_${ids.nextId()}` }
}

const requestIdHeaders: Readonly<Partial<Record<SpokenApi, string>>> = {
  openai: 'x-request-id',
  anthropic: 'request-id',
  bedrock: 'x-amzn-requestid',
}

/** No face answers this path. */
export function notFound(method: string, path: string): OpenAiError {
  return { ...invalidRequest(`Invalid URL (${method} ${path.slice(0, 200)})`), status: 404 }
}

/** The path takes other methods. */
export function notAllowed(method: string, allowed: string): OpenAiError {
  const message = `Not allowed to ${method} on this path; it takes ${allowed}.`
  return { ...invalidRequest(message, null, 'method_not_supported'), status: 405 }
}

/** The largest body that is read. */
export const mostBodyBytes = 10 * 1024 * 1024
/** How much of a larger one is read and thrown away, so that its sender gets to read why it was refused. */
const mostIgnoredBytes = 64 * 1024 * 1024

/**
 * Reads a body and hands it on. One that is too large is refused here, under a request id where there is one; one that
 * breaks off is answered by nobody.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  then: (body: string) => void,
  ids?: Ids,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('error', () => undefined)
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= mostBodyBytes) chunks.push(chunk)
    else {
      chunks.length = 0
      if (bytes > mostIgnoredBytes) request.destroy()
    }
  })
  request.on('end', () => {
    // The request lives as long as its answer: its listeners would keep the body in memory for as long.
    request.removeAllListeners()
    if (bytes <= mostBodyBytes) {
      then(Buffer.concat(chunks).toString('utf8'))
      return
    }
    const message = `The body of the request is larger than ${mostBodyBytes} bytes.`
    const named = ids ? requestIdOf(ids, response) : {}
    sendError(response, { ...invalidRequest(message), status: 413 }, { ...named, connection: 'close' })
  })
}

/** The path of a request, without its query. */
export const pathOf = ({ url }: Pick<IncomingMessage, 'url'>): string => splitUrl(url).path

/** The value of a header that comes once. */
export function header(request: IncomingMessage, name: string): string | undefined {
  return oneValue(request.headers[name])
}
