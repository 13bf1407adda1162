// What is in flight through the proxy when it closes ends as what is played does.
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openPassThrough } from './pass-through.ts'
import { startWorld } from './sdk-world.ts'

const model = 'a-model'
const apiKey = 'none'
const messages = [{ role: 'user' as const, content: 'Where is my order 1001?' }]
const words = /The provider is closing\./

/** Streams by official clients. */
const streams: Record<string, (url: string) => Promise<AsyncIterable<unknown>>> = {
  chat: (url) =>
    new OpenAI({ baseURL: `${url}/v1`, apiKey }).chat.completions.create({ model, messages, stream: true }),
  responses: (url) =>
    new OpenAI({ baseURL: `${url}/v1`, apiKey }).responses.create({ model, input: messages, stream: true }),
  messages: (url) =>
    new Anthropic({ baseURL: url, apiKey }).messages.create({
      model,
      messages,
      max_tokens: 100,
      stream: true,
    }),
  gemini: (url) =>
    new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } }).models.generateContentStream({
      model,
      contents: 'Where is my order 1001?',
    }),
}

test.each(Object.entries(streams))('%s: a stream ends with an error event', async (_, ask) => {
  const real = await startWorld({ model, perToken: '1s' })
  const passing = await openPassThrough(real.url)
  const events = (await ask(passing.url))[Symbol.asyncIterator]()
  await events.next()
  const rest = (async () => {
    while (!(await events.next()).done);
  })()
  await Promise.all([expect(rest).rejects.toThrow(words), passing.close()])
})

test('what was not answered yet is refused, and what would have words in its middle breaks off', async () => {
  let isAsked = (): void => undefined
  const asked = new Promise<void>((resolve) => (isAsked = resolve))
  const real = createServer((request, response) => {
    request.resume()
    if (request.headers['x-silent']) isAsked()
    else response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"half"')
  })
  onTestFinished(() => {
    real.closeAllConnections()
    real.close()
  })
  await once(real.listen(0, '127.0.0.1'), 'listening')
  const passing = await openPassThrough(`http://127.0.0.1:${(real.address() as AddressInfo).port}`)
  const ask = (headers = {}): Promise<Response> =>
    fetch(`${passing.url}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ model, messages, stream: true }),
    })
  const silent = ask({ 'x-silent': '1' })
  const half = await ask()
  await asked
  const broken = expect(half.text()).rejects.toThrow()
  await passing.close()
  const refused = await silent
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringMatching(words)])
  await broken
})
