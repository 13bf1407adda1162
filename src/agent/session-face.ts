import type { IncomingMessage, ServerResponse } from 'node:http'
import type { MessageIn, MessageOut, SessionCreated } from '../wire/session-api.ts'
import { sseHeaders } from '../wire/sse.ts'
import { splitUrl } from '../wire/split-url.ts'
import { apiError, rounded, sendError, sendJson, serverTiming, streamEvent } from './answers.ts'
import { readBody } from './read-body.ts'
import type { Session } from './session-store.ts'
import type { Question, TurnAnswer, Turns } from './turns.ts'

const longestBodyBytes = 1_000_000

/** Something that has counted beside the turns, as Prometheus text. */
interface Measured {
  metrics(): string
}

/** Answers one request of the session API. Rejects only for a bug, or for a client that has gone. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  turns: Turns,
  voice?: Measured,
): Promise<void> {
  const { path } = splitUrl(request.url)
  const route = `${request.method} ${path}`
  if (route === 'GET /healthz')
    return sendJson(response, 200, { status: 'ok', in_flight: turns.inFlight, waiting: turns.waiting })
  if (route === 'GET /metrics') return sendMetrics(response, turns, voice)
  if (path === '/api/sessions') {
    if (request.method !== 'POST') return methodNotAllowed(response, 'POST')
    return openSession(request, response, turns)
  }
  const [, id, messages] = /^\/api\/sessions\/([\w-]{1,64})(\/messages)?$/.exec(path) ?? []
  if (id === undefined) return sendError(response, { code: 'not_found', message: 'there is nothing here' })
  const wanted = messages ? 'POST' : 'DELETE'
  if (request.method !== wanted) return methodNotAllowed(response, wanted)
  if (!messages) return closeSession(response, turns, id)
  return takeMessage(request, response, turns, id)
}

function methodNotAllowed(response: ServerResponse, allowed: string): void {
  response.setHeader('allow', allowed)
  sendError(response, { code: 'bad_request', message: `use ${allowed} here` }, 405)
}

async function openSession(request: IncomingMessage, response: ServerResponse, turns: Turns): Promise<void> {
  const body = await readBody(request, longestBodyBytes)
  if ('fault' in body) return badBody(response, body.fault)
  const session = turns.openSession()
  if (!session) {
    const retryAfterMs = 1000
    return sendError(response, {
      code: 'overloaded',
      message: 'the agent has no room for another session; retry in 1 s',
      retryAfterMs,
    })
  }
  const created: SessionCreated = { session_id: session.id }
  sendJson(response, 201, created)
}

function closeSession(response: ServerResponse, turns: Turns, id: string): void {
  if (!turns.sessions.close(id)) return noSession(response)
  response.writeHead(204).end()
}

async function takeMessage(
  request: IncomingMessage,
  response: ServerResponse,
  turns: Turns,
  id: string,
): Promise<void> {
  if (!turns.session(id)) return noSession(response)
  const body = await readBody(request, longestBodyBytes)
  if ('fault' in body) return badBody(response, body.fault)
  const content = contentOf(body.value)
  if (content === undefined)
    return sendError(response, {
      code: 'bad_request',
      message: 'send {"content": "a text that is not empty"}',
    })
  const session = turns.session(id)
  if (!session) return noSession(response)
  const stream = (request.headers.accept ?? '').includes('text/event-stream')
  const { traceparent } = request.headers
  const question = { content, stream, traceparent: typeof traceparent === 'string' ? traceparent : undefined }
  ask(turns, session, question, response)
}

/** Asks for a turn and answers with it, as a stream or whole; who leaves gives it up. */
function ask(turns: Turns, session: Session, question: Question, response: ServerResponse): void {
  // A stream begins with its first event, so that a failure before it has a status of its own.
  const event = (text: string): void => {
    if (!response.headersSent) response.writeHead(200, sseHeaders)
    response.write(text)
  }
  const giveUp = turns.ask(session, question, {
    text: (text, tokens) => event(streamEvent({ type: 'token', text, tokens })),
    answered(answer) {
      const message = rounded(messageOut(session.id, answer))
      if (!question.stream)
        return sendJson(response, 200, message, { 'server-timing': serverTiming(answer.timings) })
      event(streamEvent({ type: 'done', ...message }))
      response.end()
    },
    failed(failure) {
      if (!response.headersSent) return sendError(response, failure)
      response.end(streamEvent({ type: 'error', error: apiError(failure) }))
    },
  })
  response.once('close', giveUp)
}

function messageOut(sessionId: string, answer: TurnAnswer): MessageOut {
  return {
    session_id: sessionId,
    turn: answer.turn,
    content: answer.content,
    model_calls: answer.modelCalls,
    tool_calls: answer.toolCalls,
    timings: answer.timings,
  }
}

function contentOf(body: unknown): string | undefined {
  const content = (body as Partial<MessageIn> | null | undefined)?.content
  return typeof content === 'string' && content.trim() !== '' ? content : undefined
}

function badBody(response: ServerResponse, fault: 'too large' | 'not JSON'): void {
  if (fault === 'not JSON')
    return sendError(response, { code: 'bad_request', message: 'the body is not valid JSON' })
  response.setHeader('connection', 'close')
  sendError(response, { code: 'bad_request', message: `a body has at most ${longestBodyBytes} bytes` }, 413)
}

function noSession(response: ServerResponse): void {
  sendError(response, {
    code: 'not_found',
    message: 'there is no such session; it may have been idle too long',
  })
}

function sendMetrics(response: ServerResponse, turns: Turns, voice: Measured | undefined): void {
  const cpu = process.cpuUsage()
  const text = turns.metrics.text({
    inFlight: turns.inFlight,
    waiting: turns.waiting,
    sessions: turns.sessions.size,
    workerUtilisation: turns.utilisation(),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    rssBytes: process.memoryUsage.rss(),
  })
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  response.end(text + (voice?.metrics() ?? ''))
}
