// The official client of the Realtime API, in text; test/realtime-sound.test.ts has its sound.
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime'
import { afterEach, expect, test } from 'vitest'
import type { Provider } from '../src/provider/start-provider.ts'
import { RealtimeClient } from './realtime-client.ts'
import { orderSchema, recordsOf, startWorld, validOrder } from './sdk-world.ts'

const open: RealtimeClient[] = []
afterEach(() => {
  for (const client of open.splice(0)) client.close()
})

const user = (text: string): RealtimeClientEvent => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
})
const respond: RealtimeClientEvent = { type: 'response.create' }
const inText: RealtimeClientEvent = {
  type: 'session.update',
  session: {
    type: 'realtime',
    output_modalities: ['text'],
    tools: [{ type: 'function', name: 'orders', description: 'an order', parameters: orderSchema }],
  },
}

async function begin(provider: Provider): Promise<RealtimeClient> {
  const client = new RealtimeClient(provider)
  open.push(client)
  await client.next('session.created')
  client.say(inText)
  await client.next('session.updated')
  return client
}

test('a turn in text: what is said adds up, and is used, limited and recorded', async () => {
  const provider = await startWorld({ quota: '{ rpm: 60000, tpm: 6M }' })
  const client = await begin(provider)
  client.say(user('where is my order'), respond)
  expect((await client.next('conversation.item.done')).item).toMatchObject({ type: 'message', role: 'user' })
  expect((await client.next('response.created')).response).toMatchObject({
    status: 'in_progress',
    output: [],
  })
  const limits = await client.next('rate_limits.updated')
  expect(limits.rate_limits.map(({ name }) => name)).toEqual(['requests', 'tokens'])
  const { response } = await client.next('response.done')
  expect(response).toMatchObject({
    status: 'completed',
    object: 'realtime.response',
    output_modalities: ['text'],
  })
  expect(response.usage).toMatchObject({ output_tokens: 30, input_tokens: expect.any(Number) as unknown })
  const [item] = response.output as { content: { text: string }[] }[]
  expect(item!.content[0]!.text.length).toBe(120)
  expect(await recordsOf(provider)).toMatchObject([{ kind: 'model', outcome: 'completed', outputTokens: 30 }])
})

test('the deltas of a text are the text, within one item and one part', async () => {
  const client = await begin(await startWorld())
  client.say(user('hello'), respond)
  let text = ''
  const ids = new Set<string>()
  for (;;) {
    const event = client.heard.shift()
    if (event?.type === 'response.output_text.delta') {
      text += event.delta
      ids.add(event.item_id)
    }
    if (event?.type === 'response.output_text.done') {
      expect(event.text).toBe(text)
      expect(text.length).toBe(120)
      expect([...ids]).toEqual([event.item_id])
      return
    }
    if (!event) await new Promise((resolve) => setTimeout(resolve, 1))
  }
})

test('the tool loop is as deep as the workload says, and its arguments fit', async () => {
  const client = await begin(await startWorld({ depth: '3' }))
  client.say(user('where is my order'))
  const depths: number[] = []
  for (let turn = 0; turn < 2; turn++) {
    for (let calls = 1; ; calls++) {
      client.say(respond)
      const { response } = await client.next('response.done')
      const asked = response.output!.flatMap((item) => (item.type === 'function_call' ? [item] : []))
      for (const { call_id, arguments: json } of asked) {
        expect(JSON.parse(json)).toMatchObject(validOrder)
        const item = { type: 'function_call_output', call_id: call_id!, output: 'found' } as const
        client.say({ type: 'conversation.item.create', item })
      }
      if (asked.length > 0) continue
      depths.push(calls)
      break
    }
    client.say(user('and the other one'))
  }
  expect(depths).toEqual([3, 3])
})

test('every item names the one that it follows', async () => {
  const client = await begin(await startWorld({ depth: '2' }))
  client.say(user('where is my order'), respond)
  const seen: { readonly id: string; readonly follows: string | null }[] = []
  for (let ends = 0; ends < 2;) {
    const event = await client.any()
    if (event.type === 'conversation.item.added')
      seen.push({ id: event.item.id!, follows: event.previous_item_id ?? null })
    if (event.type === 'response.done' && ++ends === 1) client.say(user('and the other one'), respond)
  }
  expect(seen.length).toBeGreaterThan(4)
  expect(seen.map(({ follows }) => follows)).toEqual([null, ...seen.slice(0, -1).map(({ id }) => id)])
})

test('a response that is cancelled ends, and another may follow', async () => {
  const provider = await startWorld({ perToken: '1s' })
  const client = await begin(provider)
  client.say(user('hello'), respond, respond)
  const { error } = await client.next('error')
  expect(error.code).toBe('conversation_already_has_active_response')
  client.say({ type: 'response.cancel' })
  const { response } = await client.next('response.done')
  expect(response.status).toBe('cancelled')
  expect(error.message).toContain(`in progress: ${response.id}.`)
  client.say({ type: 'response.cancel' })
  expect((await client.next('error')).error.code).toBe('response_cancel_not_active')
  client.say(respond)
  await client.next('response.created')
  expect((await recordsOf(provider)).map(({ outcome }) => outcome)).toEqual(['abandoned'])
})

test('a used-up quota fails the response in the words of the API', async () => {
  const client = await begin(await startWorld({ quota: '{ rpm: 1 }' }))
  client.say(user('hello'), respond)
  const { response } = await client.next('response.done')
  expect(response).toMatchObject({
    status: 'failed',
    status_details: { type: 'failed', error: { code: 'rate_limit_exceeded' } },
  })
})

test.each<[fault: string, outcome: string]>([
  ['cut', 'failed'],
  ['503', 'rejected'],
  ['malformed', 'failed'],
])('a fault of the kind %s is played', async (fault, outcome) => {
  const provider = await startWorld({ faults: `[{ fault: ${fault} }]`, perToken: '0ms' })
  const client = await begin(provider)
  client.say(user('hello'), respond)
  if (fault === 'cut') await client.closed
  else if (fault === '503') expect((await client.next('response.done')).response.status).toBe('failed')
  else expect(String(await client.failed)).toContain('parse')
  expect(await recordsOf(provider)).toMatchObject([{ fault, outcome }])
})

test.each<[what: string, said: unknown, code: string | null, param: string | null]>([
  ['an unknown event', { type: 'response.shout' }, 'invalid_value', 'type'],
  ['no type', {}, 'invalid_value', 'type'],
  [
    'an item with no role',
    { type: 'conversation.item.create', item: { type: 'message' } },
    null,
    'item.role',
  ],
  [
    'an item that is not there',
    { type: 'conversation.item.delete', item_id: 'x' },
    'item_not_found',
    'item_id',
  ],
  [
    'a session of tools that are none',
    { type: 'session.update', session: { tools: 7 } },
    null,
    'session.tools',
  ],
  [
    'both text and sound',
    { type: 'response.create', response: { output_modalities: ['text', 'audio'] } },
    'invalid_value',
    'response.output_modalities',
  ],
  [
    'a format that is not played',
    { type: 'session.update', session: { audio: { input: { format: { type: 'audio/opus' } } } } },
    'invalid_value',
    'session.audio.input.format',
  ],
  ['sound that is no string', { type: 'input_audio_buffer.append', audio: 7 }, null, 'audio'],
  ['no sound', { type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty', null],
  [
    'a cut of what was never said',
    { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 0 },
    'item_not_found',
    'item_id',
  ],
])('%s is an error, and the session goes on', async (_, said, code, param) => {
  const client = await begin(await startWorld())
  client.say({ event_id: 'mine', ...(said as object) } as RealtimeClientEvent)
  const { error } = await client.next('error')
  expect(error).toMatchObject({ type: 'invalid_request_error', event_id: 'mine' })
  if (code !== null) expect(error.code).toBe(code)
  if (param !== null) expect(error.param).toBe(param)
  client.say(user('hello'), respond)
  expect((await client.next('response.done')).response.status).toBe('completed')
})
