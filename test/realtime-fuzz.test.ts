// Whatever a client of the Realtime API says, its session answers it or refuses it, and goes on.
import { once } from 'node:events'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { startWorld } from './sdk-world.ts'

const json = fc.jsonValue({ maxDepth: 3 })
const nearly = (usual: unknown) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: json })
const item = fc.record(
  {
    id: nearly(undefined),
    type: nearly('message'),
    role: nearly('user'),
    content: nearly([{ type: 'input_text', text: 'hello' }]),
    call_id: nearly('call_x'),
    output: nearly('1'),
    name: nearly('orders'),
    arguments: nearly('{}'),
  },
  { requiredKeys: [] },
)
const settings = fc.record(
  {
    type: nearly('realtime'),
    output_modalities: nearly(['text']),
    tools: nearly([{ type: 'function', name: 'orders', parameters: { type: 'object' } }]),
    tool_choice: nearly('auto'),
    instructions: nearly('be brief'),
    max_output_tokens: nearly('inf'),
    conversation: nearly('auto'),
    input: fc.oneof(fc.array(item, { maxLength: 2 }), json),
  },
  { requiredKeys: [] },
)
const event = fc.oneof(
  fc.record({ type: fc.constant('session.update'), session: fc.oneof(settings, json) }),
  fc.record({
    type: fc.constant('conversation.item.create'),
    item: fc.oneof(item, json),
    previous_item_id: json,
  }),
  fc.record({ type: fc.constant('response.create'), response: fc.oneof(settings, json) }),
  fc.record({ type: fc.constantFrom('response.cancel', 'conversation.item.delete'), item_id: json }),
  json,
)
const message = fc.oneof(
  { weight: 20, arbitrary: event.map((value) => JSON.stringify(value)) },
  fc.string(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    '['.repeat(100_000),
    `{"type":"session.update","session":${'['.repeat(5000)}${']'.repeat(5000)}}`,
  ),
)

test('any messages are answered or refused, and the session goes on', async () => {
  const { url } = await startWorld({ depth: '2' })
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/realtime?model=any`)
  const types = new Set<string>()
  let marks = 0
  let told = (): void => undefined
  socket.on('message', (data: Buffer) => {
    const said = JSON.parse(data.toString()) as { type: string; error?: { event_id: string | null } }
    types.add(said.type)
    if (said.error?.event_id === `mark ${marks}`) told()
  })
  await once(socket, 'open')
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 6 }), async (messages) => {
      for (const said of messages) socket.send(said)
      marks++
      const answered = new Promise<void>((resolve) => (told = resolve))
      socket.send(JSON.stringify({ type: 'no such thing', event_id: `mark ${marks}` }))
      await answered
      expect(socket.readyState).toBe(WebSocket.OPEN)
    }),
    { numRuns: 150, seed: 7 },
  )
  for (const type of ['session.updated', 'conversation.item.added', 'response.done', 'error'])
    expect(types).toContain(type)
  socket.close()
})

async function opened(): Promise<WebSocket> {
  const { url } = await startWorld()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/realtime?model=any`)
  onTestFinished(() => socket.terminate())
  await once(socket, 'message')
  return socket
}

const longItem = JSON.stringify({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x'.repeat(900_000) }] },
})

test('a conversation holds no more than a request may', async () => {
  const socket = await opened()
  const answerOf = async (): Promise<string> => {
    const answered = once(socket, 'message')
    socket.send(longItem)
    const [data] = (await answered) as [Buffer]
    return String(data.subarray(0, 200))
  }
  const held: string[] = []
  for (let i = 0; i < 11; i++) {
    held.push(await answerOf())
    await once(socket, 'message')
  }
  for (const told of held) expect(told).toContain('conversation.item.added')
  expect(await answerOf()).toContain('too long')
})

test('a client that does not read is given up', async () => {
  const socket = await opened()
  socket.pause()
  for (let i = 0; i < 11; i++) socket.send(longItem)
  const closed = once(socket, 'close')
  await expect.poll(() => socket.bufferedAmount, { timeout: 10_000 }).toBe(0)
  socket.resume()
  expect((await closed)[0]).toBe(1006)
})
