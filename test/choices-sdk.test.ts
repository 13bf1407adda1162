// Several answers to one request (`n`), by the official client.
import OpenAI, { AzureOpenAI } from 'openai'
import { expect, test } from 'vitest'
import { textMarker } from '../src/sessions/turn-key.ts'
import { orderSchema, recordsOf, startWorld, type World } from './sdk-world.ts'

const model = 'gpt-4.1'
/** The same turn each time, and so the same words. */
const content = `Where is it? ${textMarker({ run: 1, session: 7, turn: 0 })}`
const messages = [{ role: 'user' as const, content }]
const n = 3
const tools = [
  { type: 'function' as const, function: { name: 'orders', parameters: orderSchema, strict: false } },
]

async function world(more: World = {}) {
  const provider = await startWorld({ model, ...more })
  const { chat } = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 })
  return { provider, chat }
}

test('each choice has its own words and all the tokens that the file draws; what was read counts once', async () => {
  const { provider, chat } = await world()
  const one = await chat.completions.create({ model, messages, logprobs: true })
  const { choices, usage } = await chat.completions.create({ model, messages, logprobs: true, n })
  expect(choices.map(({ index }) => index)).toEqual([0, 1, 2])
  expect(choices[0]).toEqual(one.choices[0])
  expect(new Set(choices.map(({ message }) => message.content)).size).toBe(n)
  for (const { message, logprobs, finish_reason: finish } of choices) {
    expect([message.role, finish]).toEqual(['assistant', 'stop'])
    expect(logprobs!.content!.map(({ token }) => token).join('')).toBe(message.content)
    expect(logprobs!.content).toHaveLength(30)
  }
  expect(usage).toMatchObject({ prompt_tokens: one.usage!.prompt_tokens, completion_tokens: 90 })
  expect(usage!.total_tokens).toBe(usage!.prompt_tokens + 90)
  expect((await recordsOf(provider)).map(({ outputTokens }) => outputTokens)).toEqual([30, 90])
})

test('streamed, they are told beside each other, and are those that are told whole', async () => {
  const { chat } = await world()
  const whole = await chat.completions.create({ model, messages, n, stop: 'the' })
  const asked = { model, messages, n, stop: 'the', stream_options: { include_usage: true } }
  const texts = ['', '', '']
  const finishes: string[] = []
  const order: number[] = []
  let used: OpenAI.CompletionUsage | undefined
  for await (const { choices, usage } of await chat.completions.create({ ...asked, stream: true })) {
    used = usage ?? used
    for (const { index, delta, finish_reason: finish } of choices) {
      texts[index]! += delta.content ?? ''
      if (finish !== null) finishes[index] = finish
      order.push(index)
    }
  }
  expect(texts).toEqual(whole.choices.map(({ message }) => message.content))
  expect(new Set(texts.map(({ length }) => length)).size).toBeGreaterThan(1)
  expect(finishes).toEqual(['stop', 'stop', 'stop'])
  expect(used).toEqual(whole.usage)
  // All begin before any goes on, and all end together.
  expect(order.slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2])
  expect(order.slice(-3)).toEqual([0, 1, 2])
  const assembled = await chat.completions.stream({ ...asked, stream: true }).finalChatCompletion()
  expect(assembled.choices.map(({ message }) => message.content)).toEqual(texts)
})

test('each calls the tools of the step, and whichever is gone on with, the next step follows', async () => {
  const { chat } = await world({ depth: '2' })
  for (const stream of [false, true]) {
    const asked = { model, messages, tools, n }
    const { choices } = stream
      ? await chat.completions.stream(asked).finalChatCompletion()
      : await chat.completions.create(asked)
    expect(choices.map(({ finish_reason: finish }) => finish)).toEqual(Array(n).fill('tool_calls'))
    for (const { message } of choices) {
      const results = message.tool_calls!.map(({ id }) => ({
        role: 'tool' as const,
        tool_call_id: id,
        content: 'shipped',
      }))
      const next = await chat.completions.create({ ...asked, messages: [...messages, message, ...results] })
      expect(next.choices.map(({ finish_reason: finish }) => finish)).toEqual(Array(n).fill('stop'))
    }
  }
})

test('Azure filters each choice, and its stream begins with what was found in the prompt, once', async () => {
  const { url } = await startWorld({ model })
  const azure = new AzureOpenAI({
    endpoint: url,
    apiKey: 'none',
    apiVersion: '2024-10-21',
    deployment: model,
  })
  const { choices } = await azure.chat.completions.create({ model, messages, n })
  const filtered = { content_filter_results: { hate: { filtered: false } } }
  expect(choices).toMatchObject([filtered, filtered, filtered])
  const chunks: OpenAI.ChatCompletionChunk[] = []
  for await (const chunk of await azure.chat.completions.create({ model, messages, n, stream: true }))
    chunks.push(chunk)
  expect(chunks.filter(({ choices }) => choices.length === 0)).toHaveLength(1)
  const [first, ...rest] = chunks
  expect(first).toHaveProperty('prompt_filter_results')
  expect(rest.slice(0, 3).map((chunk) => chunk.choices[0]!.index)).toEqual([0, 1, 2])
})

test('all choices together are no longer than one may be, and so are the tokens that are told of them', async () => {
  const { chat } = await world({ model: 'any', output: 600_000, perToken: '0ms' })
  const { choices, usage } = await chat.completions.create({ model: 'any', messages, n: 2, logprobs: true })
  expect(usage!.completion_tokens).toBe(1_000_000)
  expect(choices.map(({ logprobs }) => logprobs!.content!.length)).toEqual([50_000, 50_000])
})

test('a quota is asked for the most tokens of all choices', async () => {
  const { provider, chat } = await world({ quota: '{ tpm: 1000 }' })
  const ask = (choices: number) => chat.completions.create({ model, messages, n: choices, max_tokens: 400 })
  await expect(ask(1)).rejects.toThrow(/^429 Rate limit reached .*Requested 4\d\d\./)
  await expect(ask(3)).rejects.toThrow(/^429 Request too large .*Requested 12\d\d\./)
  expect((await recordsOf(provider)).map(({ maxTokens }) => maxTokens)).toEqual([400, 1200])
})
