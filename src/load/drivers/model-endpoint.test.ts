import { afterEach, expect, test } from 'vitest'
import {
  type Dialect,
  type FaultyServer,
  answerWell,
  startFaultyServer,
} from '../../../test/faulty-server.ts'
import type { ModelUsage } from '../../wire/model-answer.ts'
import type { DriverOptions, DriverResult, TurnObserver } from '../driver.ts'
import { anthropic } from './anthropic.ts'
import { openai } from './openai.ts'
import { responses } from './responses.ts'

const drivers = { openai, anthropic, responses }
const nobody: TurnObserver = { token() {}, header() {}, status() {}, text() {} }

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function turns(
  name: keyof typeof drivers,
  more: Partial<DriverOptions>,
  answer: (dialect: Dialect) => string | undefined = () => undefined,
  count = 1,
  path = '',
  seen = nobody,
): Promise<[DriverResult, FaultyServer['requests']]> {
  const server = await startFaultyServer(name, (response, request, dialect) => {
    const stream = answer(dialect)
    if (stream === undefined) answerWell(response, request, dialect)
    else response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream)
  })
  const driver = drivers[name]({
    url: server.url + path,
    headers: {},
    secrets: [],
    connections: 2,
    now: () => 0,
    at: () => ({ cancel() {} }),
    users: 1,
    model: 'm',
    historyMessages: Infinity,
    ...more,
  })
  cleanups.push(
    () => server.close(),
    () => driver.close(),
  )
  let result: DriverResult | undefined
  for (let turn = 0; turn < count; turn++) {
    const message = { session: 0, turn, text: `message ${turn}`, traceparent: '00-0-0-01', last: false }
    result = await driver.turn(message, seen, new AbortController().signal)
  }
  return [result!, server.requests]
}

test.each([
  ['openai', '', '/v1/chat/completions'],
  ['openai', '/api', '/api/chat/completions'],
  ['anthropic', '', '/v1/messages'],
  ['responses', '/v1/', '/v1/responses'],
] as const)('%s below %s', async (name, path, asked) => {
  const [, requests] = await turns(name, {}, undefined, 1, path)
  expect(requests[0]!.path).toBe(asked)
})

test.each([
  ['openai', { max_tokens: 9 }],
  ['anthropic', { max_tokens: 9 }],
  ['responses', { max_output_tokens: 9, store: false }],
] as const)('%s is told the cap and the model', async (name, wanted) => {
  const [, requests] = await turns(name, { maxTokens: 9 })
  expect(JSON.parse(requests[0]!.body)).toMatchObject({ model: 'm', stream: true, ...wanted })
})

test('models that think are told the cap by the name that they take', async () => {
  const [, requests] = await turns('openai', { maxTokens: 9, model: 'gpt-5.2' })
  expect(JSON.parse(requests[0]!.body)).toMatchObject({ max_completion_tokens: 9 })
  expect(JSON.parse(requests[0]!.body)).not.toHaveProperty('max_tokens')
})

test('anthropic has a version and a cap even where the file names none', async () => {
  const [, plain] = await turns('anthropic', {})
  expect(plain[0]!.headers['anthropic-version']).toBe('2023-06-01')
  expect(JSON.parse(plain[0]!.body)).toMatchObject({ max_tokens: 4096 })
  const [, own] = await turns('anthropic', { headers: { 'Anthropic-Version': '2024-01-01' } })
  expect(own[0]!.headers['anthropic-version']).toBe('2024-01-01')
})

test.each([
  ['openai', ['assistant', 'user']],
  ['anthropic', ['user']],
] as const)('a window over the history of %s', async (name, roles) => {
  const [, requests] = await turns(name, { historyMessages: 1 }, undefined, 3)
  const { messages } = JSON.parse(requests[2]!.body) as { messages: { role: string }[] }
  expect(messages.map(({ role }) => role)).toEqual(roles)
})

test('an empty answer is not said back to anthropic', async () => {
  const stop = 'event: message_stop\ndata: {"type":"message_stop"}\n\n'
  const [result, requests] = await turns('anthropic', {}, () => stop, 2)
  expect(result.outcome).toBe('completed')
  const { messages } = JSON.parse(requests[1]!.body) as { messages: { content: string }[] }
  expect(messages.map(({ content }) => content)).toEqual(['message 0', 'message 1'])
})

/** How each API ends a stream that it began well. */
test.each([
  ['anthropic', { type: 'error', error: { type: 'overloaded_error', message: 'm' } }, 'overloaded'],
  ['anthropic', { type: 'error', error: { type: 'rate_limit_error', message: 'm' } }, 'rate_limited'],
  ['anthropic', { type: 'error', error: { type: 'timeout_error', message: 'm' } }, 'timeout'],
  ['anthropic', { type: 'error', error: { type: 'api_error', message: 'm' } }, 'http_5xx'],
  ['responses', { type: 'error', code: 'rate_limit_exceeded', message: 'm' }, 'rate_limited'],
  ['responses', { type: 'response.failed', response: { error: { code: 'server_error' } } }, 'http_5xx'],
  ['responses', { type: 'response.failed' }, 'http_5xx'],
  ['responses', { type: 'response.incomplete', response: {} }, 'none'],
] as const)('%s says %o', async (name, event, errorKind) => {
  const [result] = await turns(name, {}, () => `event: x\ndata: ${JSON.stringify(event)}\n\n`)
  expect(result.errorKind).toBe(errorKind)
})

test.each([
  [
    'anthropic',
    [
      {
        type: 'message_start',
        message: {
          usage: {
            input_tokens: 20,
            cache_read_input_tokens: 300,
            cache_creation_input_tokens: 4000,
            cache_creation: { ephemeral_1h_input_tokens: 1000 },
            output_tokens: 1,
          },
        },
      },
      { type: 'message_delta', usage: { output_tokens: 50 } },
      { type: 'message_stop' },
    ],
    1000,
  ],
  [
    'openai',
    [
      {
        usage: {
          prompt_tokens: 4320,
          prompt_tokens_details: { cached_tokens: 300, cache_write_tokens: 4000 },
          completion_tokens: 50,
        },
      },
    ],
    undefined,
  ],
  [
    'responses',
    [
      {
        type: 'response.completed',
        response: {
          usage: {
            input_tokens: 4320,
            input_tokens_details: { cached_tokens: 300, cache_write_tokens: 4000 },
            output_tokens: 50,
          },
        },
      },
    ],
    undefined,
  ],
] as const)('%s: what a cache is read for and what is written to it', async (name, events, hourlyTokens) => {
  const told: ModelUsage[] = []
  const seen = { ...nobody, usage: (usage: ModelUsage) => void told.push(usage) }
  const stream = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
  await turns(name, {}, () => `${stream}data: [DONE]\n\n`, 1, '', seen)
  expect(told.at(-1)).toEqual({
    inputTokens: 4320,
    cachedTokens: 300,
    writtenTokens: 4000,
    hourlyTokens,
    outputTokens: 50,
  })
})
