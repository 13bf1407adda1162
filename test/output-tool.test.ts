import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { orderSchema, recordsOf, startWorld } from './sdk-world.ts'

const model = 'any'
const declared = (name: string, parameters: Record<string, unknown> = orderSchema) => ({
  type: 'function' as const,
  function: { name, parameters },
})
const result = {
  type: 'object',
  properties: { answer: { type: 'string' }, score: { type: 'integer', minimum: 1, maximum: 5 } },
  required: ['answer', 'score'],
}

async function client(depth: string) {
  const provider = await startWorld({ model, depth })
  return { provider, openai: new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 }) }
}

test.each(['final_result', 'json', 'extract-1'])(
  'an output tool comes last, once, after as many steps as the workload says: %s',
  async (output) => {
    const { openai, provider } = await client('3')
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Where is my order?' }]
    const called: string[] = []
    for (let step = 1; !called.includes(output); step++) {
      expect(step).toBeLessThan(5)
      const { choices } = await openai.chat.completions.create({
        model,
        messages,
        tools: [declared('orders'), declared('delete_account'), declared(output, result)],
        tool_choice: 'required',
        parallel_tool_calls: false,
      })
      const { message } = choices[0]!
      messages.push(message)
      for (const call of message.tool_calls!) {
        const { name, arguments: json } = (call as OpenAI.ChatCompletionMessageFunctionToolCall).function
        called.push(name)
        if (name === output)
          expect(JSON.parse(json)).toEqual({ answer: expect.any(String) as unknown, score: 1 })
        messages.push({ role: 'tool', tool_call_id: call.id, content: 'ok' })
      }
    }
    expect(called).toEqual(['orders', 'orders', output])
    expect((await recordsOf(provider)).map(({ step }) => step)).toEqual([1, 2, 3])
    const stats = (await (await fetch(`${provider.url}/_plimsoll/stats`)).json()) as { unlistedTools: object }
    expect(Object.keys(stats.unlistedTools)).toEqual(['delete_account'])
  },
)

test('a router’s only tool, demanded by name, is answered at once', async () => {
  const { openai } = await client('3')
  const { choices } = await openai.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Where is my order?' }],
    tools: [
      declared('Route', {
        type: 'object',
        properties: { to: { enum: ['billing', 'sales'] } },
        required: ['to'],
      }),
    ],
    tool_choice: { type: 'function', function: { name: 'Route' } },
  })
  const call = choices[0]!.message.tool_calls![0] as OpenAI.ChatCompletionMessageFunctionToolCall
  expect((JSON.parse(call.function.arguments) as { to: string }).to).toBeOneOf(['billing', 'sales'])
})

test('a demanded tool among others that the scenario does not name is still refused', async () => {
  const { openai } = await client('2')
  const asked = openai.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'hello' }],
    tools: [declared('orders'), declared('delete_account')],
    tool_choice: { type: 'function', function: { name: 'delete_account' } },
  })
  await expect(asked).rejects.toMatchObject({ status: 400 })
})
