import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemPrompt } from '../src/agent/prompt.ts'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { officialCount } from './official-tokens.ts'

let provider: Provider
let openai: OpenAI
let anthropic: Anthropic
beforeAll(async () => {
  const { workload } = parseWorkload(`
name: tokens
scenarios: [{ name: orders, say: hello, depth: 2, tools: [orders], input: { toolResult: 33 } }]
models:
  new: { id: gpt-4.1-mini, output: uniform(20 60), ttft: 0ms, perToken: 0ms, tokensPerChunk: 3, promptCache: { from: 256 } }
  old: { id: gpt-4, output: uniform(20 60), ttft: 0ms, perToken: 0ms, tokensPerChunk: 3, promptCache: { from: 256 } }
  claude: { id: claude-sonnet-5, output: 30, ttft: 0ms, perToken: 0ms }
  estimated: { id: claude-haiku-4-5, tokenizer: cl100k_base, output: 30, ttft: 0ms, perToken: 0ms }
tools: { orders: { latency: 1ms } }
`)
  provider = await startProvider(workload!, { seed: 4, runId: 'tokens' })
  const apiKey = 'none'
  openai = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey, maxRetries: 0 })
  anthropic = new Anthropic({ baseURL: provider.url, apiKey, maxRetries: 0 })
})
afterAll(() => provider.close())

const question = 'Where is my order №4711? I’ve waited since “Tuesday” 🙂, and nothing came!'
const system = 'Answer in plain words; name the source, e.g. https://example.com/faq?id=12. '.repeat(40)
const messages = [
  { role: 'system' as const, content: system },
  { role: 'user' as const, content: question },
]
const tool = {
  name: 'orders',
  description: 'Looks up orders.',
  parameters: {
    type: 'object',
    properties: {
      id: { type: 'integer', description: 'Of the order.' },
      state: { enum: ['open', 'closed'], type: 'string' },
    },
    required: ['id'],
  },
}
const declared = `namespace functions {

// Looks up orders.
type orders = (_: {
// Of the order.
id: number,
state?: "open" | "closed",
}) => any;

} // namespace functions`

describe.each([
  ['gpt-4.1-mini', 'o200k_base'],
  ['gpt-4', 'cl100k_base'],
] as const)('%s is counted as %s', (model, name) => {
  const count = officialCount(name)
  /** As OpenAI's cookbook counts a chat. */
  const chat = (said: readonly { readonly role: string; readonly content: string }[]): number =>
    said.reduce((sum, { role, content }) => sum + 3 + count(role) + count(content), 3)

  test('a whole answer', async () => {
    const { choices, usage } = await openai.chat.completions.create({ model, messages })
    expect(usage!.prompt_tokens).toBe(chat(messages))
    expect(usage!.completion_tokens).toBe(count(choices[0]!.message.content!))
    expect(usage!.completion_tokens).toBeGreaterThanOrEqual(20)
    // It is said again: what was read before is cached, in steps of 128.
    const again = await openai.chat.completions.create({ model, messages })
    expect(again.usage!.prompt_tokens_details!.cached_tokens).toBe(Math.floor(chat(messages) / 128) * 128)
    const other = [messages[0]!, { role: 'user' as const, content: 'Something else.' }]
    const { usage: shared } = await openai.chat.completions.create({ model, messages: other })
    const alike = 4 + count(system)
    expect(shared!.prompt_tokens_details!.cached_tokens).toBe(Math.floor(alike / 128) * 128)
  })

  test('a stream, each chunk of which holds whole tokens', async () => {
    const stream_options = { include_usage: true }
    const texts: string[] = []
    let used = 0
    for await (const { choices, usage } of await openai.chat.completions.create({
      model,
      messages,
      stream: true,
      stream_options,
    })) {
      if (choices[0]?.delta.content) texts.push(choices[0].delta.content)
      if (usage) used = usage.completion_tokens
    }
    expect(used).toBe(count(texts.join('')))
    const sizes = texts.map(count)
    expect(sizes.slice(0, -1)).toEqual(texts.slice(0, -1).map((_, i) => (i === 0 ? 1 : 3)))
    expect(sizes.reduce((sum, each) => sum + each, 0)).toBe(used)
  })

  test('an answer that max_tokens cuts', async () => {
    const { choices, usage } = await openai.chat.completions.create({ model, messages, max_tokens: 7 })
    expect([
      choices[0]!.finish_reason,
      usage!.completion_tokens,
      count(choices[0]!.message.content!),
    ]).toEqual(['length', 7, 7])
  })

  test('tools that are declared, calls that are made, and what comes of them', async () => {
    const tools = [{ type: 'function' as const, function: tool }]
    const { choices, usage } = await openai.chat.completions.create({ model, messages, tools })
    // Of declared functions, the system message takes four off again.
    expect(usage!.prompt_tokens).toBe(chat(messages) + count(declared) + 9 - 4)
    const [call] = choices[0]!.message.tool_calls!
    if (call?.type !== 'function') throw new Error('no call')
    const called = count(call.function.name) + count(call.function.arguments)
    expect(usage!.completion_tokens).toBe(called)
    const result = { role: 'tool' as const, tool_call_id: call.id, content: '{"state":"open"}' }
    const next = await openai.chat.completions.create({
      model,
      messages: [...messages, choices[0]!.message, result],
      tools,
    })
    const assistant = 3 + 1 + 3 + called
    expect(next.usage!.prompt_tokens).toBe(usage!.prompt_tokens + assistant + 4 + count(result.content))
  })

  test('what a tool answers has as many tokens as the workload says', async () => {
    const result = await (await fetch(`${provider.url}/tools/orders`, { method: 'POST', body: '{}' })).text()
    expect([count(result), result.length]).toEqual([33, 4 * 33])
  })

  const required = Object.keys(tool.parameters.properties)
  const closed = { ...tool.parameters, required, additionalProperties: false }
  test.each([
    { type: 'json_object' as const },
    { type: 'json_schema' as const, json_schema: { name: 'order', strict: true, schema: closed } },
  ])('an answer in JSON: $type', async (response_format) => {
    const asked = [...messages, { role: 'user' as const, content: 'Answer in JSON.' }]
    const { choices, usage } = await openai.chat.completions.create({
      model,
      messages: asked,
      response_format,
    })
    expect(usage!.completion_tokens).toBe(count(choices[0]!.message.content!))
    expect(() => JSON.parse(choices[0]!.message.content!) as unknown).not.toThrow()
  })

  test('a response, one that streams, and one that goes on from it', async () => {
    const asked = { model, input: question, instructions: system }
    const first = await openai.responses.create(asked)
    expect(first.usage!.input_tokens).toBe(chat(messages))
    expect(first.usage!.output_tokens).toBe(count(first.output_text))
    const second = await openai.responses.stream({ ...asked, previous_response_id: first.id }).finalResponse()
    expect(second.usage!.output_tokens).toBe(count(second.output_text))
    const said = { role: 'assistant', content: first.output_text }
    expect(second.usage!.input_tokens).toBe(chat([...messages.slice(0, 1), messages[1]!, said, messages[1]!]))
  })
})

test('embeddings count their texts, also by a model that the workload does not have', async () => {
  const count = officialCount('cl100k_base')
  const input = [question, system]
  const { usage } = await openai.embeddings.create({ model: 'text-embedding-3-small', input })
  const tokens = input.reduce((sum, text) => sum + count(text), 0)
  expect(usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens })
})

test('a model without a published encoding counts four characters a token, or what the file says', async () => {
  const said = [{ role: 'user' as const, content: question }]
  const tokensOf = async (model: string): Promise<number> => {
    const { input_tokens } = await anthropic.messages.countTokens({ model, messages: said })
    const { usage } = await anthropic.messages.create({ model, messages: said, max_tokens: 9 })
    expect(usage.input_tokens).toBe(input_tokens)
    return input_tokens
  }
  expect(await tokensOf('claude-sonnet-5')).toBe(Math.ceil(question.length / 4))
  expect(await tokensOf('claude-haiku-4-5')).toBe(7 + officialCount('cl100k_base')(question))
})

test.each(['o200k_base', 'cl100k_base'] as const)(
  'what the reference agent pads has its tokens in %s',
  (name) => {
    for (const tokens of [50, 801, 5000]) {
      const counted = officialCount(name)(systemPrompt(tokens, []))
      expect(Math.abs(counted - tokens)).toBeLessThanOrEqual(4)
    }
  },
)
