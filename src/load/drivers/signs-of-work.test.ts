import { afterEach, expect, test } from 'vitest'
import { type FaultyServer, startFaultyServer } from '../../../test/faulty-server.ts'
import type { TurnObserver } from '../driver.ts'
import { type DriverName, drivers } from './drivers.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** What a user is told of one answer, in order: its texts, and `…` for a sign of work. */
async function told(name: DriverName, stream: string): Promise<string[]> {
  const server: FaultyServer = await startFaultyServer('sessions', (response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream),
  )
  const condition = { at: ['type'], is: ['tool', 'status'] }
  const driver = drivers[name]({
    url: server.url,
    headers: {},
    secrets: [],
    connections: 1,
    now: () => 0,
    at: () => ({ cancel() {} }),
    users: 1,
    model: 'm',
    historyMessages: 0,
    http: {
      send: { method: 'POST', path: '/chat', headers: {}, body: {} },
      answer: { format: 'sse', text: ['text'], working: condition },
    },
  })
  cleanups.push(
    () => server.close(),
    () => driver.close(),
  )
  const seen: string[] = []
  const observer: TurnObserver = {
    token() {},
    header() {},
    status() {},
    text: (part) => void seen.push(part),
    working: () => void seen.push('…'),
  }
  const message = { session: 0, turn: 0, text: 'hello', traceparent: '00-0-0-01', last: false }
  expect(await driver.turn(message, observer, new AbortController().signal)).toMatchObject({
    outcome: 'completed',
  })
  return seen
}

const events = (...all: readonly unknown[]): string =>
  all.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('')

const named = (...all: readonly (readonly [string, unknown])[]): string =>
  all.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('')

const delta = (part: unknown) => ({ choices: [{ delta: part }] })

test.each<[DriverName, string]>([
  [
    'sessions',
    named(
      ['token', { text: 'let me look' }],
      ['tool', { name: 'orders' }],
      ['token', { text: 'it is on its way' }],
      ['done', {}],
    ),
  ],
  [
    'openai',
    events(
      delta({ content: 'let me look' }),
      delta({ tool_calls: [{ index: 0, id: 'call_1' }] }),
      delta({ content: 'it is on its way' }),
      '[DONE]',
    ),
  ],
  [
    'openai',
    events(
      delta({ content: 'let me look' }),
      delta({ reasoning_content: 'hm' }),
      delta({ content: 'it is on its way' }),
      '[DONE]',
    ),
  ],
  [
    'anthropic',
    events(
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'let me look' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'it is on its way' } },
      { type: 'message_stop' },
    ),
  ],
  [
    'responses',
    events(
      { type: 'response.output_item.added', item: { type: 'message' } },
      { type: 'response.output_text.delta', delta: 'let me look' },
      { type: 'response.output_item.added', item: { type: 'function_call' } },
      { type: 'response.output_text.delta', delta: 'it is on its way' },
      { type: 'response.completed', response: {} },
    ),
  ],
  ['http', events({ text: 'let me look' }, { type: 'status' }, { text: 'it is on its way' })],
])('%s tells a tool call, a thought or a status apart from text', async (name, stream) => {
  expect(await told(name, stream)).toEqual(['let me look', '…', 'it is on its way'])
})
