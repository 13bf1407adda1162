import type { IncomingMessage, ServerResponse } from 'node:http'
import { invalidRequest } from '../wire/openai-error.ts'
import { jsonObject } from '../wire/parsed-json.ts'
import type { Epoch } from './epoch.ts'
import { notAllowed, notFound, readBody, sendError, sendJson } from './http-answer.ts'

/** `/_plimsoll/carrier…`, as `wire/carrier-api.ts` describes it. */
export function answerCarrier(
  { carrier }: Pick<Epoch, 'carrier'>,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const method = request.method ?? ''
  const only = (allowed: string, answer: () => void): void => {
    if (method === allowed) answer()
    else sendError(response, notAllowed(method, allowed), { allow: allowed })
  }
  if (path === 'carrier') only('GET', () => sendJson(response, 200, JSON.stringify(carrier.state())))
  else if (path === 'carrier/events') only('GET', () => streamEvents(carrier, response))
  else if (path === 'carrier/calls')
    only('POST', () => readBody(request, response, (body) => admit(carrier, body, response)))
  else if (path.startsWith('carrier/calls/'))
    only('DELETE', () => {
      carrier.leave(path.slice('carrier/calls/'.length))
      response.writeHead(204).end()
    })
  else sendError(response, notFound(method, `/_plimsoll/${path}`))
}

type Carrier = Epoch['carrier']

function admit(carrier: Carrier, body: string, response: ServerResponse): void {
  const sid = jsonObject(body)?.['call']
  if (typeof sid !== 'string' || !/^CA[0-9a-f]{32}$/.test(sid) || carrier.has(sid)) {
    const words = 'A call has a name of its own: {"call": "CA…"}, CA and 32 hexadecimal digits.'
    sendError(response, invalidRequest(words, 'call'))
    return
  }
  // Whoever no longer waits for the answer no longer waits in line.
  response.once('close', () => {
    if (!response.writableFinished) carrier.leave(sid)
  })
  carrier.arrive(sid, (answer) => sendJson(response, 200, JSON.stringify(answer)))
}

/** Beyond this much unread, a watcher has gone away without saying so. */
const mostUnreadBytes = 1_000_000

function streamEvents(carrier: Carrier, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  response.flushHeaders()
  const unwatch = carrier.watch((event) => {
    if (response.writableLength > mostUnreadBytes) response.destroy()
    else response.write(`${JSON.stringify(event)}\n`)
  })
  response.once('close', unwatch)
}
