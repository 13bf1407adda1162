// Tools that take text and no arguments, which OpenAI's two APIs know.
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { startWorld } from './sdk-world.ts'

const model = 'any'
const said = 'Where is my order 1001?'
/** The workload's own value, and the mark by which a tool that sees no more than this joins the turn. */
const input = /^100[12] \(ref [-0-9a-f.]+\)\s*$/

async function world() {
  const { url } = await startWorld({ depth: '2' })
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 })
}

test('Chat Completions: a custom tool is called with text, whole and streamed, and the loop goes on', async () => {
  const { chat } = await world()
  const tools = [{ type: 'custom' as const, custom: { name: 'orders' } }]
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: said }]
  const asked = { model, messages, tools }
  const [choice] = (await chat.completions.create(asked)).choices
  expect(choice!.finish_reason).toBe('tool_calls')
  const calls = choice!.message.tool_calls!
  const called = { name: 'orders', input: expect.stringMatching(input) as unknown }
  expect(calls).toHaveLength(2)
  for (const call of calls) expect(call).toMatchObject({ type: 'custom', custom: called })

  const pieces = ['', '']
  for await (const { choices } of await chat.completions.create({ ...asked, stream: true }))
    for (const { index, custom } of choices[0]!.delta.tool_calls ?? []) pieces[index] += custom?.input ?? ''
  expect(pieces).toEqual([expect.stringMatching(input), expect.stringMatching(input)])

  const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'shipped' }))
  const goesOn = await chat.completions.create({
    ...asked,
    messages: [...messages, choice!.message, ...results],
  })
  expect(goesOn.choices[0]!.finish_reason).toBe('stop')
})

test('Responses: a custom tool is called with text, whole and streamed, and the loop goes on', async () => {
  const { responses } = await world()
  const tools = [{ type: 'custom' as const, name: 'orders', format: { type: 'text' as const } }]
  const asked = { model, input: said, tools, parallel_tool_calls: false }
  const whole = await responses.create(asked)
  expect(whole.output).toEqual([
    {
      id: expect.stringMatching(/^ctc_/) as unknown,
      type: 'custom_tool_call',
      call_id: expect.any(String) as unknown,
      name: 'orders',
      status: 'completed',
      input: expect.stringMatching(input) as unknown,
    },
  ])

  const types = new Set<string>()
  const stream = responses.stream(asked).on('event', ({ type }) => types.add(type))
  const [streamed] = (await stream.finalResponse()).output
  expect(streamed).toMatchObject({ type: 'custom_tool_call', input: expect.stringMatching(input) as unknown })
  expect([...types]).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.custom_tool_call_input.delta',
    'response.custom_tool_call_input.done',
    'response.output_item.done',
    'response.completed',
  ])

  const [call] = whole.output as OpenAI.Responses.ResponseCustomToolCall[]
  const result = { type: 'custom_tool_call_output' as const, call_id: call!.call_id, output: 'shipped' }
  const goesOn = await responses.create({ ...asked, input: [result], previous_response_id: whole.id })
  expect(goesOn.output_text).toMatch(/./)
  const told = [{ role: 'user' as const, content: said }, call!, result]
  expect((await responses.create({ ...asked, input: told })).output_text).toMatch(/./)
})

test('a custom tool can be demanded; one whose text keeps to a grammar is never called', async () => {
  const { chat, responses } = await world()
  const demanded = await chat.completions.create({
    model,
    messages: [{ role: 'user', content: said }],
    tools: ['stock', 'orders'].map((name) => ({ type: 'custom', custom: { name } })),
    tool_choice: { type: 'custom', custom: { name: 'stock' } },
  })
  expect(demanded.choices[0]!.message.tool_calls).toMatchObject([{ custom: { name: 'stock' } }])
  const format = { type: 'grammar' as const, syntax: 'lark' as const, definition: 'start: "a"' }
  const tools = [{ type: 'custom' as const, name: 'orders', format }]
  expect((await responses.create({ model, input: said, tools })).output_text).toMatch(/./)
  const tool_choice = { type: 'custom' as const, name: 'orders' }
  await expect(responses.create({ model, input: said, tools, tool_choice })).rejects.toMatchObject({
    status: 400,
    param: 'tool_choice',
  })
})
