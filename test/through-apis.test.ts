import Anthropic from '@anthropic-ai/sdk'
import { type Content, GoogleGenAI } from '@google/genai'
import OpenAI, { AzureOpenAI } from 'openai'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { recordingOf, rootCalls, type SeenCall } from '../src/result/recording.ts'
import { flatPrice, openPassThrough } from './pass-through.ts'
import { orderSchema, recordsOf, startWorld } from './sdk-world.ts'

const model = 'a-model'
const apiKey = 'sk-of-the-caller'
const question = 'Where is my order 1001?'

/** One loop of two calls by an official client: the answer to a question, and to the results of its tool calls. */
type Loop = (url: string, stream: boolean) => Promise<void>

const chat =
  (client: (url: string) => OpenAI): Loop =>
  async (url, stream) => {
    const { completions } = client(url).chat
    const tools = [{ type: 'function' as const, function: { name: 'orders', parameters: orderSchema } }]
    const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [{ role: 'user', content: question }]
    for (let step = 1; step <= 2; step++) {
      const asked = { model, messages, tools }
      const message = stream
        ? (
            await completions
              .stream({ ...asked, stream_options: { include_usage: true } })
              .finalChatCompletion()
          ).choices[0]!.message
        : (await completions.create(asked)).choices[0]!.message
      messages.push(message)
      for (const call of message.tool_calls ?? [])
        messages.push({ role: 'tool', tool_call_id: call.id, content: 'found' })
    }
  }

const loops: Record<string, Loop> = {
  chat: chat((url) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })),
  azure: chat((url) => new AzureOpenAI({ endpoint: url, apiKey, apiVersion: '2024-10-21', maxRetries: 0 })),
  async responses(url, stream) {
    const { responses } = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })
    const tools = [{ type: 'function' as const, name: 'orders', parameters: orderSchema, strict: false }]
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: question }]
    for (let step = 1; step <= 2; step++) {
      const asked = { model, input, tools }
      const { output } = stream
        ? await responses.stream(asked).finalResponse()
        : await responses.create(asked)
      const calls = output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
      input.push(...calls)
      for (const { call_id } of calls) input.push({ type: 'function_call_output', call_id, output: 'found' })
    }
  },
  async messages(url, stream) {
    const { messages: api } = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 })
    const tools = [{ name: 'orders', input_schema: orderSchema }]
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: question }]
    for (let step = 1; step <= 2; step++) {
      const asked = { model, messages, tools, max_tokens: 200 }
      const { content } = stream ? await api.stream(asked).finalMessage() : await api.create(asked)
      const results = content.flatMap((part) =>
        part.type === 'tool_use'
          ? [{ type: 'tool_result' as const, tool_use_id: part.id, content: 'found' }]
          : [],
      )
      messages.push({ role: 'assistant', content }, { role: 'user', content: results })
    }
  },
  async gemini(url, stream) {
    const { models } = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } })
    const config = {
      tools: [{ functionDeclarations: [{ name: 'orders', parametersJsonSchema: orderSchema }] }],
    }
    const contents: Content[] = [{ role: 'user', parts: [{ text: question }] }]
    for (let step = 1; step <= 2; step++) {
      const parts = []
      const asked = { model, contents, config }
      if (stream)
        for await (const piece of await models.generateContentStream(asked))
          parts.push(...(piece.candidates?.[0]?.content?.parts ?? []))
      else parts.push(...((await models.generateContent(asked)).candidates?.[0]?.content?.parts ?? []))
      const calls = parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : []))
      const results = calls.map((call) => ({
        functionResponse: { ...(call.id ? { id: call.id } : {}), name: 'orders', response: { found: true } },
      }))
      contents.push({ role: 'model', parts }, { role: 'user', parts: results })
    }
  },
}

const cases = Object.keys(loops).flatMap((api) => [
  [api, 'whole', false] as const,
  [api, 'streamed', true] as const,
])

test.each(cases)('%s, %s: what is seen is what the provider behind did', async (api, _how, stream) => {
  const real = await startWorld({ model, depth: '2', perToken: '100us' })
  const seen: SeenCall[] = []
  const through = await openPassThrough(real.url, {
    priceOf: (name) => (name === model ? flatPrice : undefined),
    sawCall: (call) => seen.push(call),
  })
  await loops[api]!(through.url, stream)
  await through.idle()
  const records = await recordsOf(real)
  expect(records.map(({ step }) => step)).toEqual([1, 2])
  expect(seen).toHaveLength(2)
  for (const [i, record] of records.entries()) {
    const call = seen[i]!
    const { inputTokens, cachedTokens, outputTokens } = record
    expect(call).toMatchObject({ inputTokens, cachedTokens, outputTokens, model, status: 200 })
    expect(call).toMatchObject({ completed: true, usageTold: true, streamed: stream })
    // It stands around the call: no instant of the one can fall out of the other's.
    expect(call.sentAtMs).toBeLessThanOrEqual(record.sentAtMs)
    if (stream) {
      expect(call.firstTokenAtMs).toBeGreaterThanOrEqual(record.firstTokenAtMs)
      expect(call.lastTokenAtMs).toBeGreaterThan(call.firstTokenAtMs)
      expect(call.endedAtMs).toBeGreaterThanOrEqual(call.lastTokenAtMs)
    } else expect(call.firstTokenAtMs).toBeNaN()
  }
  expect(seen.map(({ asks }) => asks.map(({ name }) => name))).toEqual([['orders', 'orders'], []])
  expect(seen.map(({ sizes }) => sizes.toolResults.length)).toEqual([0, 2])
  const turn = { session: 0, turn: 0, sentAtMs: -Infinity, endedAtMs: Infinity, completed: true }
  expect(rootCalls(recordingOf([turn], seen, []).turns[0]!)).toEqual(seen)
  expect(JSON.stringify(seen)).not.toContain(apiKey)
})

test.each([
  ['chat', '/openai/v1'],
  ['responses', '/v1'],
  ['azure', '/openai'],
  ['messages', '/v1'],
  ['gemini', '/v1beta'],
  ['gemini', '/v1'],
])('%s passes on to a base that ends in %s', async (api, path) => {
  const real = await startWorld({ model, depth: '2' })
  const through = await openPassThrough(real.url + path)
  await loops[api]!(through.url, false)
  expect((await recordsOf(real)).map(({ outcome }) => outcome)).toEqual(['completed', 'completed'])
})

const gemini = (url: string): GoogleGenAI => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } })
const embeddings: Record<string, (url: string) => Promise<unknown>> = {
  openai: (url) => new OpenAI({ baseURL: `${url}/v1`, apiKey }).embeddings.create({ model, input: question }),
  azure: (url) =>
    new AzureOpenAI({ endpoint: url, apiKey, apiVersion: '2024-10-21', maxRetries: 0 }).embeddings.create({
      model,
      input: [question, question],
    }),
  gemini: (url) => gemini(url).models.embedContent({ model, contents: question }),
}

test.each([
  ['openai', ''],
  ['azure', ''],
  ['gemini', ''],
  ['gemini', '/v1'],
])('%s%s: embeddings pass and are paid, and are no calls', async (api, path) => {
  const real = await startWorld({ model })
  const embedded: number[] = []
  const held: string[] = []
  const through = await openPassThrough(real.url + path, {
    maxSpendUsd: 100e-6,
    priceOf: (name) => (name === model ? flatPrice : undefined),
    sawCall: () => expect.fail('no call was asked for'),
    sawEmbedding: (tokens) => embedded.push(tokens),
    held: (reason) => held.push(reason),
  })
  const embed = embeddings[api]!
  const numbers = (answer: unknown): unknown =>
    JSON.parse(JSON.stringify(answer, ['data', 'embeddings', 'embedding', 'values']))
  expect(numbers(await embed(through.url))).toEqual(numbers(await embed(real.url)))
  await through.idle()
  expect(embedded).toHaveLength(1)
  expect(through.spentUsd).toBeCloseTo(embedded[0]! / 1e6, 12)
  // One more could take it beyond what may be spent.
  for (let again = 0; again < 30 && held.length === 0; again++)
    await embed(through.url).catch(() => undefined)
  expect(held[0]).toContain('are spent')
  expect(through.spentUsd).toBeLessThanOrEqual(100e-6)
})

test('what the provider refuses reaches the client in its words, and costs nothing', async () => {
  const real = await startWorld({ model, faults: '[{ fault: 429, retryAfter: 7s }]' })
  const seen: SeenCall[] = []
  const through = await openPassThrough(`${real.url}/v1`, {
    sawCall: (call) => seen.push(call),
  })
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: question }] })
  const ask = (url: string) => fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
  const [direct, passed] = [await ask(real.url), await ask(through.url)]
  expect(passed.status).toBe(429)
  expect(passed.headers.get('retry-after')).toBe(direct.headers.get('retry-after'))
  expect(await passed.json()).toEqual(await direct.json())
  await through.idle()
  expect(seen).toMatchObject([{ status: 429, completed: false, outputTokens: 0 }])
  expect(through.spentUsd).toBe(0)
  expect((await fetch(`${through.url}/v1/models`)).status).toBe(200)
  const count = JSON.stringify({ model, input: question })
  const counted = await fetch(`${through.url}/v1/responses/input_tokens`, { method: 'POST', body: count })
  expect(await counted.json()).toMatchObject({ object: 'response.input_tokens' })
})

test('a caller that leaves ends the call behind, and what it took is paid', async () => {
  const real = await startWorld({ model, perToken: '1s' })
  const seen: SeenCall[] = []
  const through = await openPassThrough(real.url, {
    sawCall: (call) => seen.push(call),
  })
  const left = new AbortController()
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: question }] })
  const answer = await fetch(`${through.url}/v1/chat/completions`, {
    method: 'POST',
    body,
    signal: left.signal,
  })
  await answer.body!.getReader().read()
  left.abort()
  await through.idle()
  expect(seen).toMatchObject([{ completed: false, usageTold: false }])
  expect(through.spentUsd).toBeGreaterThan(0)
  for (let records = await recordsOf(real); ; records = await recordsOf(real)) {
    if (records.length === 0) continue
    expect(records).toMatchObject([{ outcome: 'abandoned' }])
    break
  }
})

test('a reader that does not read holds the provider behind up, not the memory between', async () => {
  const piece = Buffer.alloc(65_536, 'x')
  const whole = 4000 * piece.length
  let told = 0
  const endless = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = (): void => {
      while (told < whole) {
        told += piece.length
        if (!response.write(piece)) return
      }
      response.end()
    }
    response.on('drain', more)
    more()
  })
  await once(endless.listen(0, '127.0.0.1'), 'listening')
  const through = await openPassThrough(`http://127.0.0.1:${(endless.address() as AddressInfo).port}`)
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: question }] })
  const reader = connect(Number(new URL(through.url).port), '127.0.0.1').pause()
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`
  reader.write(head + body)
  for (let before = -1; told === 0 || told !== before;) {
    before = told
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  // What two pairs of sockets may hold, of 262 MB.
  expect(told).toBeLessThan(whole / 5)
  reader.destroy()
  await through.idle()
  endless.closeAllConnections()
  endless.close()
})
