import { request } from 'node:http'
import Anthropic from '@anthropic-ai/sdk'
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
import { GoogleGenAI } from '@google/genai'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import { traceparent } from '../src/sessions/turn-key.ts'
import { read } from '../src/workload/fixture-read.ts'
import { orderSchema, recordsOf, startWorld } from './sdk-world.ts'

const model = 'any'
const messages = [{ role: 'user' as const, content: 'Where is my order 1001?' }]
const tools = [{ type: 'function' as const, function: { name: 'orders', parameters: orderSchema } }]

/** Each official client asks once, in its own API, and tries again as it does by itself. */
const clients: Readonly<Record<string, (provider: Provider, tries: number) => Promise<unknown>>> = {
  openai: ({ url }, tries) =>
    new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: tries }).chat.completions.create({
      model,
      messages,
    }),
  responses: ({ url }, tries) =>
    new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: tries }).responses.create({
      model,
      input: 'hello',
    }),
  anthropic: ({ url }, tries) =>
    new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: tries }).messages.create({
      model,
      messages,
      max_tokens: 9,
    }),
  gemini: ({ url }, tries) =>
    new GoogleGenAI({
      apiKey: 'none',
      httpOptions: { baseUrl: url, retryOptions: { attempts: tries + 1, initialDelay: 0.01, jitter: 0 } },
    }).models.generateContent({ model, contents: 'hello' }),
  bedrock: ({ url }, tries) =>
    new BedrockRuntimeClient({
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      requestHandler: new NodeHttpHandler(),
      maxAttempts: tries + 1,
    }).send(
      new ConverseCommand({ modelId: model, messages: [{ role: 'user', content: [{ text: 'hello' }] }] }),
    ),
}

/** Which of the refusals each client takes for one that passes. */
const retried: readonly [client: string, statuses: readonly number[]][] = [
  ['openai', [429, 500, 503, 529]],
  ['responses', [429, 503]],
  ['anthropic', [429, 500, 529]],
  ['gemini', [429, 500, 503]],
  ['bedrock', [429, 500, 503]],
]

const cases = retried.flatMap(([client, statuses]) => statuses.map((status) => [client, status] as const))

test.each(cases)('%s tries again after a %i, once, and both tries are told', async (client, status) => {
  const retryAfter = status === 500 ? '' : ', retryAfter: 10ms'
  const provider = await startWorld({ model, faults: `[{ fault: ${status}, tries: 1${retryAfter} }]` })
  await expect(clients[client]!(provider, 2)).resolves.toBeDefined()
  expect(await recordsOf(provider)).toMatchObject([
    { outcome: 'rejected', status, fault: String(status), attempt: 0 },
    { outcome: 'completed', status: 200, attempt: 1 },
  ])
})

test.each([
  [{ 'x-stainless-retry-count': '2' }, 2],
  [{ 'amz-sdk-request': 'attempt=3; max=3' }, 2],
  [{ 'x-stainless-retry-count': '1e9' }, 63],
  [{ 'x-stainless-retry-count': 'often' }, 0],
  [{ 'x-stainless-retry-count': '-5' }, 0],
])('tries that a client counts and that never came here are told: %j', async (headers, attempt) => {
  const provider = await startWorld({ model })
  const body = JSON.stringify({ model, messages })
  await (await fetch(`${provider.url}/v1/chat/completions`, { method: 'POST', headers, body })).text()
  expect(await recordsOf(provider)).toMatchObject([{ outcome: 'completed', attempt }])
})

test.each(Object.keys(clients))('%s gives up after its tries, with the error of its API', async (client) => {
  const provider = await startWorld({ model, faults: '[{ fault: 503, retryAfter: 10ms }]' })
  const error: unknown = await clients[client]!(provider, 1).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toSatisfy(
    (reason: { status?: number; $metadata?: { httpStatusCode?: number } }) =>
      (reason.status ?? reason.$metadata?.httpStatusCode) === 503,
  )
  expect(await recordsOf(provider)).toHaveLength(2)
})

async function client(faults: string, more: { readonly perToken?: string; readonly depth?: string } = {}) {
  const provider = await startWorld({ model, faults, ...more })
  return { provider, openai: new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 }) }
}

async function streamedText(openai: OpenAI): Promise<string> {
  let text = ''
  const stream = await openai.chat.completions.create({ model, messages, stream: true })
  try {
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  } catch (error) {
    return `${text}!${(error as Error).name}`
  }
  return text
}

/** What comes before the connection breaks, byte by byte: clients may drop it where both come at once. */
function bytesBeforeCut({ port }: Provider, body: object): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const done = (): void => resolve(said)
    const asked = request({ port, path: '/v1/chat/completions', method: 'POST' }, (answer) => {
      answer
        .on('data', (part: Buffer) => (said += part.toString()))
        .on('error', done)
        .on('end', () => resolve('whole'))
    })
    asked.on('error', done).end(JSON.stringify(body))
  })
}

test('a cut connection ends whole answers and streams in the middle', async () => {
  const { openai, provider } = await client('[{ fault: cut, at: 50% }]')
  await expect(openai.chat.completions.create({ model, messages })).rejects.toThrow(/./)
  expect(await streamedText(openai)).toMatch(/^[^!]{0,90}!/)
  const stream = await bytesBeforeCut(provider, { model, messages, stream: true })
  expect(stream).toContain('"role":"assistant"')
  expect(stream.match(/"content":"[^"]+"/g)!.length).toBeGreaterThan(2)
  expect(stream).not.toContain('[DONE]')
  const whole = await bytesBeforeCut(provider, { model, messages })
  expect(whole).toMatch(/^\{"id":"chatcmpl-/)
  expect(() => JSON.parse(whole) as unknown).toThrow(SyntaxError)
  const records = await recordsOf(provider)
  const told = records.map(({ outcome, errorKind, fault }) => [outcome, errorKind, fault])
  expect(told).toEqual(Array.from({ length: 4 }, () => ['failed', 'cut', 'cut']))
})

test('malformed JSON comes with a status of 200, whole and in a stream', async () => {
  // All at once: whoever cannot read a piece does not wait for the rest.
  const { openai, provider } = await client('[{ fault: malformed }]', { perToken: '0ms' })
  await expect(openai.chat.completions.create({ model, messages })).rejects.toThrow(SyntaxError)
  expect(await streamedText(openai)).toMatch(/!SyntaxError$/)
  const records = await recordsOf(provider)
  expect(records.map(({ errorKind, status }) => [errorKind, status])).toEqual([
    ['protocol', 200],
    ['protocol', 200],
  ])
})

test('a wrong content length is an answer that ends too soon', async () => {
  const { openai, provider } = await client('[{ fault: wrongLength }]')
  await expect(openai.chat.completions.create({ model, messages })).rejects.toThrow(/./)
  expect(await streamedText(openai)).toMatch(/^[^!]{120}/)
  const records = await recordsOf(provider)
  expect(records.map(({ fault, errorKind }) => [fault, errorKind])).toEqual(
    Array.from({ length: 2 }, () => ['wrongLength', 'protocol']),
  )
})

test('a timeout is silence: the client gives up, and the record says whose fault it was', async () => {
  const { openai, provider } = await client('[{ fault: timeout }]')
  await expect(openai.chat.completions.create({ model, messages }, { timeout: 50 })).rejects.toThrow(
    OpenAI.APIConnectionTimeoutError,
  )
  await expect.poll(() => recordsOf(provider)).toMatchObject([{ outcome: 'abandoned', fault: 'timeout' }])
})

test('a timeout with an end is a 504', async () => {
  const { openai, provider } = await client('[{ fault: timeout, for: 20ms }]')
  await expect(openai.chat.completions.create({ model, messages })).rejects.toMatchObject({ status: 504 })
  expect(await recordsOf(provider)).toMatchObject([
    { outcome: 'failed', errorKind: 'timeout', fault: 'timeout' },
  ])
})

test.each([
  ['stall', '[{ fault: stall, at: 50%, for: 300ms }]', 0],
  ['slow first byte', '[{ fault: slowFirstByte, for: 300ms }]', 300],
])('a %s takes its time, and the whole answer comes', async (_, faults, firstMs) => {
  const { openai, provider } = await client(faults)
  expect(await streamedText(openai)).toHaveLength(120)
  const [record] = await recordsOf(provider)
  expect(record!.endedAtMs - record!.sentAtMs).toBeGreaterThanOrEqual(300)
  expect(record!.firstTokenAtMs - record!.sentAtMs).toBeGreaterThanOrEqual(firstMs)
  expect(record).toMatchObject({ outcome: 'completed', fault: expect.any(String) as unknown })
})

test('a stall without an end lasts until the caller leaves', async () => {
  const { openai, provider } = await client('[{ fault: stall, at: 50% }]')
  const stream = await openai.chat.completions.create({ model, messages, stream: true })
  let text = ''
  for await (const { choices } of stream) {
    text += choices[0]?.delta.content ?? ''
    if (text.length >= 50) break
  }
  stream.controller.abort()
  await expect.poll(() => recordsOf(provider)).toMatchObject([{ outcome: 'abandoned', fault: 'stall' }])
})

test('arguments that do not fit, and a tool that nobody declared; an answer has neither', async () => {
  const misfit = await client('[{ fault: invalidArguments }]', { depth: '2' })
  const asked = { model, messages, tools }
  const [call] = (await misfit.openai.chat.completions.create(asked)).choices[0]!.message.tool_calls!
  const given = JSON.parse((call as { function: { arguments: string } }).function.arguments) as {
    order: unknown
  }
  expect(typeof given.order).not.toBe('number')
  const unknown = await client('[{ fault: unknownTool }]', { depth: '2' })
  const [other] = (await unknown.openai.chat.completions.create(asked)).choices[0]!.message.tool_calls!
  expect(other).toMatchObject({ function: { name: 'orders_v2' } })
  expect(await recordsOf(unknown.provider)).toMatchObject([{ outcome: 'completed', fault: 'unknownTool' }])
  await unknown.openai.chat.completions.create({ model, messages })
  expect((await recordsOf(unknown.provider))[1]).not.toHaveProperty('fault')
})

test('tools have faults of their own', async () => {
  const call = async (faults: string): Promise<[number, string]> => {
    const provider = await startWorld({ model, faults })
    const answer = await fetch(`${provider.url}/tools/stock`, { method: 'POST', body: '{}' })
    const text = await answer.text().catch(() => 'cut')
    const [record] = await recordsOf(provider)
    expect(record).toMatchObject({ kind: 'tool', fault: /fault: (\w+)/.exec(faults)![1] })
    return [answer.status, text]
  }
  expect((await call('[{ fault: 503, on: stock }]'))[0]).toBe(503)
  expect((await call('[{ fault: timeout, on: tools, for: 10ms }]'))[0]).toBe(504)
  expect(await call('[{ fault: cut, on: tools, at: 50% }]')).toEqual([200, 'cut'])
  expect(await call('[{ fault: wrongLength, on: tools }]')).toEqual([200, 'cut'])
  const [, malformed] = await call('[{ fault: malformed, on: stock }]')
  expect(() => JSON.parse(malformed) as unknown).toThrow(SyntaxError)
  const [, late] = await call('[{ fault: stall, on: stock, for: 20ms }]')
  expect(JSON.parse(late)).toHaveProperty('result')
  const spared = await startWorld({ model, faults: '[{ fault: 503, on: orders }]' })
  expect((await fetch(`${spared.url}/tools/stock`, { method: 'POST', body: '{}' })).status).toBe(200)
})

test('a call that falls back to another model is no retry there, and what hit it says nothing of how it fares', async () => {
  const workload = read(`
models: { main: { id: main, ttft: 0ms }, backup: { id: backup, ttft: 0ms } }
faults: [{ fault: 429, share: 50% }]
`)
  const provider = await startProvider(workload, { seed: 3, runId: 'fallback' })
  onTestFinished(() => provider.close())
  const ask = (asked: string, session: number) =>
    fetch(`${provider.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { traceparent: traceparent({ run: 1, session, turn: 0 }) },
      body: JSON.stringify({ model: asked, messages }),
    }).then(({ status }) => status)
  for (let session = 0; session < 400; session++)
    if ((await ask('main', session)) === 429) await ask('backup', session)
  const records = await recordsOf(provider)
  const fellBack = records.filter(({ service }) => service === 1)
  expect(new Set(fellBack.map(({ attempt }) => attempt))).toEqual(new Set([0]))
  // Half of some 200: four standard errors are 14 %.
  const hit = fellBack.filter(({ status }) => status === 429).length / fellBack.length
  expect(Math.abs(hit - 0.5)).toBeLessThan(0.14)
})
