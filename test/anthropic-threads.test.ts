// Conversations that the SDK keeps itself, as threads.
import Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { orderSchema, recordsOf, startWorld } from './sdk-world.ts'

const model = 'claude-sonnet-5'
const asked = {
  model,
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Where is my order 1001?' }],
}

async function world(depth: string) {
  const provider = await startWorld({ model, depth })
  return { provider, anthropic: new Anthropic({ baseURL: provider.url, apiKey: 'none', maxRetries: 0 }) }
}

test('threads: the SDK’s tool runner sends nothing twice and loops as deep as it should', async () => {
  const { anthropic, provider } = await world('3')
  const thread = anthropic.beta.messages.thread({
    ...asked,
    tools: [{ name: 'orders', input_schema: orderSchema, run: () => 'shipped' } as never],
  })
  const runner = thread.toolRunner({ stream: false })
  const stops = []
  for await (const message of runner) stops.push(message.stop_reason)
  expect(stops).toEqual(['tool_use', 'tool_use', 'end_turn'])
  const depths = (await recordsOf(provider)).map(({ step, joinedBy }) => [step, joinedBy])
  expect(depths).toEqual([
    [1, 'none'],
    [2, 'none'],
    [3, 'none'],
  ])
})

test('a thread that is not known is begun anew by its client', async () => {
  const { anthropic, provider } = await world('1')
  const thread = anthropic.beta.messages.thread(asked)
  await thread.send()
  await fetch(`${provider.url}/_plimsoll/reset`, {
    method: 'POST',
    body: JSON.stringify({ runId: 'another', seed: 3 }),
  })
  const { stop_reason, usage } = await thread.send({ role: 'user', content: 'And now?' })
  expect(stop_reason).toBe('end_turn')
  // All of the conversation, and not the last message alone.
  expect(usage.input_tokens + usage.cache_read_input_tokens!).toBeGreaterThan(30)
})
