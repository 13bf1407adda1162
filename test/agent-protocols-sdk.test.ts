import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AgentCard, type Message, Role, Task, TaskState } from '@a2a-js/sdk'
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  ServerCallContext,
} from '@a2a-js/sdk/server'
import { type BaseEvent, EventType } from '@ag-ui/core'
import { RunAgentInputSchema } from '@ag-ui/core/schemas'
import { EventEncoder } from '@ag-ui/encoder'
import { expect, onTestFinished, test } from 'vitest'
import type { DriverResult } from '../src/load/driver.ts'
import { drivers } from '../src/load/drivers/drivers.ts'

/** What one turn heard. */
interface Heard extends DriverResult {
  readonly said: string
  readonly tokens: number
  readonly worked: boolean
}

async function open(name: 'a2a' | 'ag-ui', server: Server) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const driver = drivers[name]({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/agent`,
    headers: {},
    secrets: [],
    connections: 2,
    now: () => 1000,
    at: () => ({ cancel: () => {} }),
    users: 2,
    model: 'm',
    historyMessages: Infinity,
  })
  onTestFinished(async () => {
    await driver.close()
    server.closeAllConnections()
    server.close()
  })
  return async (text: string, turn: number): Promise<Heard> => {
    let [said, tokens, worked] = ['', 0, false]
    const result = await driver.turn(
      {
        session: 1,
        turn,
        text,
        traceparent: '00-706c696d000000010000000500000000-00000000000000aa-01',
        last: false,
      },
      {
        token: (_, count) => void (tokens += count),
        header() {},
        status() {},
        text: (part) => void (said += part),
        working: () => void (worked = true),
      },
      new AbortController().signal,
    )
    return { ...result, said, tokens, worked }
  }
}

const bodyOf = async (request: AsyncIterable<Buffer>): Promise<string> => {
  let body = ''
  for await (const chunk of request) body += chunk.toString()
  return body
}

const textOf = (message: Message): string =>
  message.parts.map(({ content }) => (content?.$case === 'text' ? content.value : '')).join('')

/** Says back what it heard in pieces; asks «which?» of «order», and fails or only talks where it is told to. */
const executor: AgentExecutor = {
  async execute({ taskId, contextId, userMessage, task }, bus) {
    const heard = textOf(userMessage)
    const ids = { taskId, contextId }
    const status = (state: TaskState, text?: string) => ({
      state,
      timestamp: undefined,
      message:
        text === undefined
          ? undefined
          : {
              messageId: 'm',
              contextId,
              taskId,
              role: Role.ROLE_AGENT,
              parts: [part(text)],
              metadata: undefined,
              extensions: [],
              referenceTaskIds: [],
            },
    })
    const part = (value: string) => ({
      content: { $case: 'text' as const, value },
      metadata: undefined,
      filename: '',
      mediaType: 'text/plain',
    })
    const tell = (state: TaskState, text?: string): void =>
      bus.publish(AgentEvent.statusUpdate({ ...ids, status: status(state, text), metadata: undefined }))
    if (heard === 'talk') {
      bus.publish(AgentEvent.message(status(TaskState.TASK_STATE_WORKING, `in ${contextId !== ''}`).message!))
      return bus.finished()
    }
    bus.publish(
      AgentEvent.task(
        task ?? Task.fromJSON({ id: taskId, contextId, status: { state: 'TASK_STATE_SUBMITTED' } }),
      ),
    )
    tell(TaskState.TASK_STATE_WORKING, 'let me see')
    if (heard === 'fail') tell(TaskState.TASK_STATE_FAILED, 'out of tokens')
    else if (heard === 'order') tell(TaskState.TASK_STATE_INPUT_REQUIRED, 'which?')
    else {
      for (const [i, value] of [`${task ? 'task' : 'new'} `, heard].entries())
        bus.publish(
          AgentEvent.artifactUpdate({
            ...ids,
            artifact: {
              artifactId: 'a',
              name: '',
              description: '',
              parts: [part(value)],
              metadata: undefined,
              extensions: [],
            },
            append: i > 0,
            lastChunk: i > 0,
            metadata: undefined,
          }),
        )
      tell(TaskState.TASK_STATE_COMPLETED)
    }
    bus.finished()
  },
  cancelTask: () => Promise.resolve(),
}

test('turns with the official A2A server', async () => {
  const card = AgentCard.fromJSON({
    name: 'agent',
    capabilities: { streaming: true },
    supportedInterfaces: [{ url: 'http://localhost', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  })
  const handler = new JsonRpcTransportHandler(
    new DefaultRequestHandler(card, new InMemoryTaskStore(), executor),
  )
  const server = createServer(async (request, response) => {
    const requestedVersion = String(request.headers['a2a-version'])
    const answer = await handler.handle(await bodyOf(request), new ServerCallContext({ requestedVersion }))
    if (!(Symbol.asyncIterator in answer)) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for await (const event of answer) response.write(`data: ${JSON.stringify(event)}\n\n`)
    response.end()
  })
  const say = await open('a2a', server)
  const completed = { outcome: 'completed', errorKind: 'none' }
  expect(await say('hello', 0)).toEqual({ ...completed, said: 'new hello', tokens: 2, worked: true })
  expect(await say('order', 1)).toEqual({ ...completed, said: 'which?', tokens: 1, worked: true })
  // What the agent asked for continues its task; afterwards a new one begins.
  expect(await say('7', 2)).toEqual({ ...completed, said: 'task 7', tokens: 2, worked: true })
  expect(await say('again', 3)).toEqual({ ...completed, said: 'new again', tokens: 2, worked: true })
  expect(await say('talk', 4)).toMatchObject({ ...completed, said: 'in true', tokens: 1 })
  expect(await say('fail', 5)).toMatchObject({
    outcome: 'failed',
    errorKind: 'http_5xx',
    message: 'the target ended the answer with an error: out of tokens',
  })
})

test('an A2A server of before 1.0 is named as such', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}')
  })
  const say = await open('a2a', server)
  expect(await say('hello', 0)).toMatchObject({
    outcome: 'failed',
    message: 'the agent does not know SendStreamingMessage: its A2A is older than 1.0',
  })
})

test('turns with events of the official AG-UI encoder, asked as its schema has it', async () => {
  const server = createServer(async (request, response) => {
    const { threadId, runId, messages } = RunAgentInputSchema.parse(JSON.parse(await bodyOf(request)))
    const encoder = new EventEncoder()
    response.writeHead(200, { 'content-type': encoder.getContentType() })
    const send = (event: BaseEvent & Readonly<Record<string, unknown>>): void =>
      void response.write(encoder.encodeSSE(event))
    const last = messages.at(-1)!
    send({ type: EventType.RUN_STARTED, threadId, runId })
    send({ type: EventType.TOOL_CALL_START, toolCallId: 'c', toolCallName: 'orders' })
    send({ type: EventType.TEXT_MESSAGE_START, messageId: 'm', role: 'assistant' })
    for (const delta of [`${messages.length}: `, last.content as string])
      send({ type: EventType.TEXT_MESSAGE_CONTENT, messageId: 'm', delta })
    send({ type: EventType.TEXT_MESSAGE_END, messageId: 'm' })
    if (last.content === 'fail')
      send({ type: EventType.RUN_ERROR, message: 'out of tokens', code: 'timeout' })
    else send({ type: EventType.RUN_FINISHED, threadId, runId })
    response.end()
  })
  const say = await open('ag-ui', server)
  const completed = { outcome: 'completed', errorKind: 'none', tokens: 2, worked: true }
  expect(await say('hello', 0)).toEqual({ ...completed, said: '1: hello' })
  expect(await say('again', 1)).toEqual({ ...completed, said: '3: again' })
  expect(await say('fail', 2)).toMatchObject({
    outcome: 'failed',
    errorKind: 'timeout',
    message: 'the target ended the answer with an error: out of tokens',
  })
})
