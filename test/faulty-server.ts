// For tests: a server that breaks in one chosen way once it is asked for an answer.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { answerSocket, frame, websocketType } from './websocket-answer.ts'

export type Dialect =
  | 'sessions'
  | 'sessions-json'
  | 'openai'
  | 'responses'
  | 'anthropic'
  | 'a2a'
  | 'ag-ui'
  | 'http-sse'
  | 'http-lines'
  | 'http-json'
  | 'http-poll'
  | 'websocket'

/** Whether an answer is one JSON. */
export const isWholeJson = (dialect: Dialect): boolean => /json|poll/.test(dialect)

/** What a stream of the dialect is called. */
export const streamHead = (dialect: Dialect): Record<string, string> => ({
  'content-type':
    dialect === 'websocket'
      ? websocketType
      : dialect === 'http-lines'
        ? 'application/x-ndjson'
        : 'text/event-stream',
})

/** One frame of a stream, whatever it says. */
export function frameOf(dialect: Dialect, event: string, data: string): string {
  if (dialect === 'websocket') return data
  if (dialect === 'http-lines') return `${data}\n`
  if (dialect === 'a2a') return `data: {"jsonrpc":"2.0","id":"1",${data.slice(1)}\n\n`
  if (dialect === 'ag-ui' && event === 'error') {
    const { error } = JSON.parse(data) as { error: object }
    return `data: ${JSON.stringify({ type: 'RUN_ERROR', ...error })}\n\n`
  }
  return dialect === 'openai' || dialect === 'ag-ui'
    ? `data: ${data}\n\n`
    : `event: ${event}\ndata: ${data}\n\n`
}

/** Answers the request for a message; sessions are opened and ended without fault. */
export type Answer = (response: ServerResponse, request: IncomingMessage, dialect: Dialect) => void

export interface FaultyServer {
  readonly url: string
  /** Connections open now. */
  connections(): number
  readonly requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[]
  close(): Promise<void>
}

/** Listens on a free port of loopback; `answer` decides what happens to messages. */
export async function startFaultyServer(dialect: Dialect, answer: Answer): Promise<FaultyServer> {
  const sockets = new Set<Socket>()
  const requests: FaultyServer['requests'] = []
  let opened = 0
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => {})
    request.on('end', () => {
      const path = request.url ?? ''
      const body = Buffer.concat(chunks).toString()
      requests.push({ method: request.method ?? '', path, headers: request.headers, body })
      if (request.method === 'DELETE') response.writeHead(204).end()
      else if (path === '/api/sessions')
        response
          .writeHead(201, { 'content-type': 'application/json' })
          .end(JSON.stringify({ session_id: `s${opened++}` }))
      else if (path === '/threads')
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ thread: { id: `thread/${opened++}` } }))
      else if (path === '/jobs' && request.method === 'POST')
        response
          .writeHead(202, { 'content-type': 'application/json' })
          .end(JSON.stringify({ id: `j${opened++}`, status: 'queued' }))
      else answer(response, request, dialect)
    })
  })
  server.on('upgrade', (request, socket: Socket) =>
    answerSocket(
      request,
      socket,
      (response) => answer(response, request, dialect),
      (body) => requests.push({ method: 'MESSAGE', path: request.url ?? '', headers: request.headers, body }),
    ),
  )
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => sockets.size,
    requests,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** The frames of a good answer of three tokens, the last one being its end. */
export function frames(dialect: Dialect): string[] {
  if (dialect === 'openai') {
    const chunk = (content: string): string =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`
    return [chunk('Hel'), chunk('lo, '), chunk('order 7'), 'data: [DONE]\n\n']
  }
  if (dialect === 'anthropic') {
    const frame = (data: { type: string; [key: string]: unknown }): string =>
      frameOf(dialect, data.type, JSON.stringify(data))
    const text = (text: string): string =>
      frame({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text } })
    const before =
      frame({ type: 'message_start', message: { id: 'msg_1', role: 'assistant', content: [] } }) +
      frame({ type: 'ping' }) +
      frame({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } })
    return [before + text('Hel'), text('lo, '), text('order 7'), frame({ type: 'message_stop' })]
  }
  if (dialect === 'responses') {
    const frame = (type: string, more: object): string =>
      frameOf(dialect, type, JSON.stringify({ type, ...more }))
    const text = (delta: string): string => frame('response.output_text.delta', { output_index: 0, delta })
    const before =
      frame('response.created', { response: { id: 'resp_1' } }) +
      frame('response.function_call_arguments.delta', { delta: '{}' })
    const after = frame('response.completed', { response: { id: 'resp_1', status: 'completed' } })
    return [before + text('Hel'), text('lo, '), text('order 7'), after]
  }
  if (dialect === 'a2a') {
    const result = (event: object): string => frameOf(dialect, '', JSON.stringify({ result: event }))
    const ids = { contextId: 'c/1', taskId: 't1' }
    const text = (text: string): string =>
      result({ artifactUpdate: { ...ids, artifact: { artifactId: 'a', parts: [{ text }] }, append: true } })
    const state = (state: string): object => ({ statusUpdate: { ...ids, status: { state } } })
    const before = result({ task: { id: 't1', contextId: 'c/1', status: { state: 'TASK_STATE_SUBMITTED' } } })
    return [
      before + result(state('TASK_STATE_WORKING')) + text('Hel'),
      text('lo, '),
      text('order 7'),
      result(state('TASK_STATE_COMPLETED')),
    ]
  }
  if (dialect === 'ag-ui') {
    const frame = (type: string, more: object): string =>
      frameOf(dialect, type, JSON.stringify({ type, ...more }))
    const text = (delta: string): string => frame('TEXT_MESSAGE_CONTENT', { messageId: 'm', delta })
    const run = { threadId: 't', runId: 'r' }
    const before =
      frame('RUN_STARTED', run) +
      frame('TOOL_CALL_START', { toolCallId: 'c', toolCallName: 'orders' }) +
      frame('TEXT_MESSAGE_START', { messageId: 'm', role: 'assistant' })
    return [before + text('Hel'), text('lo, '), text('order 7'), frame('RUN_FINISHED', run)]
  }
  if (dialect === 'http-sse') {
    const token = (text: string): string =>
      frameOf(dialect, 'token', JSON.stringify({ delta: { text }, n: 1 }))
    return [
      token('Hel'),
      token('lo, '),
      token('order 7'),
      frameOf(dialect, 'done', '{"delta":{"text":"no"}}'),
    ]
  }
  if (dialect === 'http-lines' || dialect === 'websocket') {
    const line = (content: string, done = false): string =>
      frameOf(dialect, '', JSON.stringify({ message: { content }, done }))
    return [line('Hel'), line('lo, '), line('order 7'), line('', true)]
  }
  const token = (text: string): string => `event: token\ndata: ${JSON.stringify({ text, tokens: 1 })}\n\n`
  const done = {
    session_id: 's0',
    turn: 0,
    content: 'Hello, order 7',
    model_calls: 1,
    tool_calls: 0,
    timings: {},
  }
  return [token('Hel'), token('lo, '), token('order 7'), `event: done\ndata: ${JSON.stringify(done)}\n\n`]
}

export function answerWell(response: ServerResponse, _: IncomingMessage, dialect: Dialect): void {
  if (dialect === 'sessions-json') {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify({ session_id: 's0', turn: 0, content: 'Hello, order 7' }))
    return
  }
  if (dialect === 'http-json' || dialect === 'http-poll') {
    response.writeHead(200, { 'content-type': 'application/json' })
    const reply = [{ text: 'Let me see.' }, { text: 'Hello, order 7' }]
    response.end(JSON.stringify({ conversation: 12, status: 'done', reply }))
    return
  }
  response.writeHead(200, streamHead(dialect))
  for (const frame of frames(dialect)) response.write(frame)
  // A socket stays for the next turn.
  if (dialect !== 'websocket') response.end()
}

/** Begins a good answer and leaves it in the middle of a frame. */
export function beginAnswer(response: ServerResponse, dialect: Dialect): void {
  if (isWholeJson(dialect)) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
    response.write('{"session_id":"s0","con')
    return
  }
  response.writeHead(200, streamHead(dialect))
  if (dialect === 'websocket') {
    response.write(frames(dialect)[0])
    response.write(frame(1, Buffer.from(frames(dialect)[1]!)).subarray(0, 12))
    return
  }
  response.write(frames(dialect)[0]! + frames(dialect)[1]!.slice(0, 12))
}
