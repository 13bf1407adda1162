// Whatever a client of the Realtime API says, its session answers it or refuses it, and goes on.
import { once } from 'node:events'
import fc from 'fast-check'
import { expect, test } from 'vitest'
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
