// What ends an answer before it is said, by official clients.
import Anthropic from '@anthropic-ai/sdk'
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime'
import { GoogleGenAI } from '@google/genai'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { textMarker } from '../src/sessions/turn-key.ts'
import { recordsOf, startWorld } from './sdk-world.ts'

const model = 'any'
/** The same turn each time, and so the same words. */
const content = `Where is it? ${textMarker({ run: 1, session: 7, turn: 0 })}`
const messages = [{ role: 'user' as const, content }]

interface Ended {
  readonly text: string
  readonly finish: unknown
  readonly sequence?: unknown
  readonly tokens: unknown
}
type Ask = (url: string, stops: string[] | undefined) => Promise<Ended>

async function chatStream(url: string, stop: string[] | undefined): Promise<Ended> {
  const { chat } = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' })
  const asked = { model, messages, stop: stop ?? null, stream_options: { include_usage: true } }
  let [text, finish, tokens] = ['', '', 0]
  for await (const { choices, usage } of await chat.completions.create({ ...asked, stream: true })) {
    text += choices[0]?.delta.content ?? ''
    finish = choices[0]?.finish_reason ?? finish
    tokens = usage?.completion_tokens ?? tokens
  }
  return { text, finish, tokens }
}

const claudeAsked = (stops: string[] | undefined) => ({
  model,
  messages,
  max_tokens: 100,
  ...(stops ? { stop_sequences: stops } : {}),
})
function claudeSaid({ content: blocks, stop_reason, stop_sequence, usage }: Anthropic.Message): Ended {
  const text = blocks.map((block) => (block.type === 'text' ? block.text : '')).join('')
  return { text, finish: stop_reason, sequence: stop_sequence, tokens: usage.output_tokens }
}
const claude = (url: string) => new Anthropic({ baseURL: url, apiKey: 'none' }).messages

const geminiAsked = (stops: string[] | undefined) => ({
  model,
  contents: content,
  ...(stops ? { config: { stopSequences: stops } } : {}),
})
const gemini = (url: string) => new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: url } }).models

const bedrock = (url: string) =>
  new BedrockRuntimeClient({
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    requestHandler: new NodeHttpHandler(),
  })
const converseAsked = (stopSequences: string[] | undefined) => ({
  modelId: model,
  messages: [{ role: 'user' as const, content: [{ text: content }] }],
  inferenceConfig: { stopSequences },
})

const asks: Readonly<
  Record<string, { readonly stopped: string; readonly ended: string; readonly ask: Ask }>
> = {
  'Chat Completions': {
    stopped: 'stop',
    ended: 'stop',
    async ask(url, stop) {
      const { chat } = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' })
      const { choices, usage } = await chat.completions.create({ model, messages, stop: stop ?? null })
      const { message, finish_reason: finish } = choices[0]!
      return { text: message.content!, finish, tokens: usage!.completion_tokens }
    },
  },
  'Chat Completions, streamed': { stopped: 'stop', ended: 'stop', ask: chatStream },
  Messages: {
    stopped: 'stop_sequence',
    ended: 'end_turn',
    ask: async (url, stops) => claudeSaid(await claude(url).create(claudeAsked(stops))),
  },
  InvokeModel: {
    stopped: 'stop_sequence',
    ended: 'end_turn',
    async ask(url, stops) {
      const { model: modelId, ...asked } = claudeAsked(stops)
      const body = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', ...asked })
      const told = await bedrock(url).send(new InvokeModelCommand({ modelId, body }))
      return claudeSaid(JSON.parse(told.body.transformToString()) as Anthropic.Message)
    },
  },
  'Messages, streamed': {
    stopped: 'stop_sequence',
    ended: 'end_turn',
    ask: async (url, stops) => claudeSaid(await claude(url).stream(claudeAsked(stops)).finalMessage()),
  },
  Gemini: {
    stopped: 'STOP',
    ended: 'STOP',
    async ask(url, stops) {
      const { text, candidates, usageMetadata: usage } = await gemini(url).generateContent(geminiAsked(stops))
      return { text: text!, finish: candidates![0]!.finishReason, tokens: usage!.candidatesTokenCount }
    },
  },
  'Gemini, streamed': {
    stopped: 'STOP',
    ended: 'STOP',
    async ask(url, stops) {
      let said: Ended = { text: '', finish: '', tokens: 0 }
      for await (const chunk of await gemini(url).generateContentStream(geminiAsked(stops)))
        said = {
          text: said.text + chunk.text!,
          finish: chunk.candidates![0]!.finishReason,
          tokens: chunk.usageMetadata!.candidatesTokenCount,
        }
      return said
    },
  },
  Converse: {
    stopped: 'stop_sequence',
    ended: 'end_turn',
    async ask(url, stops) {
      const told = await bedrock(url).send(new ConverseCommand(converseAsked(stops)))
      const text = told.output!.message!.content!.map((block) => block.text).join('')
      return { text, finish: told.stopReason, tokens: told.usage!.outputTokens }
    },
  },
  'Converse, streamed': {
    stopped: 'stop_sequence',
    ended: 'end_turn',
    async ask(url, stops) {
      const { stream } = await bedrock(url).send(new ConverseStreamCommand(converseAsked(stops)))
      let [text, finish, tokens] = ['', '', 0]
      for await (const { contentBlockDelta, messageStop, metadata } of stream!) {
        text += contentBlockDelta?.delta?.text ?? ''
        finish = messageStop?.stopReason ?? finish
        tokens = metadata?.usage?.outputTokens ?? tokens
      }
      return { text, finish, tokens }
    },
  },
}

test.each(Object.entries(asks))('%s: the first sequence ends the answer and is not said', async (_, api) => {
  const provider = await startWorld({ model })
  const { url } = provider
  const whole = await api.ask(url, undefined)
  expect(whole).toMatchObject({ finish: api.ended, tokens: 30 })
  const words = whole.text.split(' ')
  const first = words[6]!
  const cut = whole.text.slice(0, whole.text.indexOf(first))
  expect(cut.length).toBeGreaterThan(0)
  // The second begins before it and ends behind it, so the model would have come to the first before.
  const stops = [words[20]!, `${cut.slice(-3)}${first} ${words[7]!}`, first]
  const stopped = await api.ask(url, stops)
  const tokens = Math.ceil(cut.length / 4)
  expect(stopped).toMatchObject({ text: cut, finish: api.stopped, tokens })
  if (whole.sequence !== undefined) expect([whole.sequence, stopped.sequence]).toEqual([null, first])
  expect(await api.ask(url, ['\nObservation:'])).toEqual(whole)
  expect((await recordsOf(provider)).map(({ outputTokens }) => outputTokens)).toEqual([30, tokens, 30])
})

test('an answer that would begin with a sequence is empty: Claude has no block then, and thought all the same', async () => {
  const { url } = await startWorld({ model })
  const format = { type: 'json_schema' as const, schema: { type: 'object', additionalProperties: false } }
  const asked = { ...claudeAsked(['{']), output_config: { format }, max_tokens: 2000 }
  const empty = { content: [], stop_reason: 'stop_sequence', stop_sequence: '{', usage: { output_tokens: 0 } }
  expect(await claude(url).create(asked)).toMatchObject(empty)
  expect(await claude(url).stream(asked).finalMessage()).toMatchObject(empty)
  const thinks = { ...asked, thinking: { type: 'enabled' as const, budget_tokens: 1024 } }
  const thought = { ...empty, content: [{ type: 'thinking' }], usage: { output_tokens: 7 } }
  expect(await claude(url).create(thinks)).toMatchObject(thought)
  expect(await claude(url).stream(thinks).finalMessage()).toMatchObject(thought)
  const { chat } = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none' })
  const { choices, usage } = await chat.completions.create({
    model,
    messages: [{ role: 'user', content: `${content} Answer in JSON.` }],
    stop: '{',
    response_format: { type: 'json_object' },
  })
  expect(choices).toMatchObject([{ message: { content: '' }, finish_reason: 'stop' }])
  expect(usage!.completion_tokens).toBe(0)
})

test.each([
  [
    '/v1beta/models/any:generateContent',
    { contents: [{ parts: [{ text: 'hi' }] }], generationConfig: { stopSequences: [7] } },
  ],
  [
    '/model/any/converse',
    { messages: [{ role: 'user', content: [{ text: 'hi' }] }], inferenceConfig: { stopSequences: 'x' } },
  ],
])('%s: what is no list of sequences is refused', async (path, body) => {
  const { url } = await startWorld({ model })
  const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('stopSequences')])
})

test.each([
  ['Chat Completions', 4],
  ['Messages', 2500],
  ['Gemini', 5],
  ['Converse', 2500],
])('%s takes %i sequences and no more', async (name, most) => {
  const { url } = await startWorld({ model })
  const { ask, ended } = asks[name]!
  const never = Array.from({ length: most }, (_, index) => `${index}`)
  expect(await ask(url, never)).toMatchObject({ finish: ended, tokens: 30 })
  await expect(ask(url, [...never, 'one more'])).rejects.toThrow(`maximum length ${most}`)
})
