// What a call that passes through costs, also where its answer does not say so.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readPassed } from '../src/provider/passed-request.ts'
import { flatPrice, openPassThrough } from './pass-through.ts'

const model = 'a-model'
const question = 'Where is my order 1001?'
const price = { ...flatPrice, writtenPerMillionUsd: 1.25, hourlyPerMillionUsd: 2, outputPerMillionUsd: 10 }

type Behind = (response: ServerResponse, leave: () => void) => void
interface Asked {
  readonly path: string
  readonly stream?: boolean
  readonly background?: boolean
}

/** What a call costs whose real provider answers like this, by a guard that puts by $0.01 and a little for it. */
async function spentOn(behind: Behind, { path, ...asked }: Asked): Promise<number> {
  const left = new AbortController()
  const leave = (): void => left.abort()
  const real = createServer((request, response) => request.resume().on('end', () => behind(response, leave)))
  await once(real.listen(0, '127.0.0.1'), 'listening')
  const through = await openPassThrough(`http://127.0.0.1:${(real.address() as AddressInfo).port}`, {
    priceOf: () => price,
  })
  const limits = { max_tokens: 1000, max_output_tokens: 1000 }
  const said = { input: question, messages: [{ role: 'user', content: question }] }
  const body = JSON.stringify({ model, ...limits, ...said, ...asked })
  await fetch(through.url + path, { method: 'POST', body, signal: left.signal })
    .then((answer) => answer.text())
    .catch(() => undefined)
  await through.idle()
  real.closeAllConnections()
  real.close()
  return through.spentUsd
}

const json = { 'content-type': 'application/json' }
const told = JSON.stringify({
  choices: [{ message: { content: question }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 100 },
})

const untold: [how: string, behind: Behind, asked: Asked][] = [
  ['its caller left before it began', (_, leave) => leave(), { path: '/v1/chat/completions' }],
  [
    'it came compressed',
    (response) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(told)),
    { path: '/v1/chat/completions' },
  ],
  [
    'it broke off',
    (response) => {
      response.writeHead(200, { ...json, 'content-length': told.length })
      response.write(told.slice(0, -5), () => response.destroy())
    },
    { path: '/v1/chat/completions' },
  ],
  [
    'it comes later',
    (response) => response.writeHead(200, json).end('{"object":"response","status":"queued","usage":null}'),
    { path: '/v1/responses', background: true },
  ],
]

test.each(untold)(
  'an answer that does not tell its cost has cost what was put by: %s',
  async (_, ...played) => {
    expect(await spentOn(...played)).toBeCloseTo(0.01, 3)
  },
)

test('a stream that broke off is paid by what it said, whatever usage it began with', async () => {
  const events = [
    { type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1 } } },
    { type: 'content_block_delta', delta: { type: 'text_delta', text: 'x'.repeat(800) } },
  ]
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
  const breakOff: Behind = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(text, () => response.destroy())
  }
  const spentUsd = await spentOn(breakOff, { path: '/v1/messages', stream: true })
  expect(spentUsd).toBeCloseTo(10e-6 + 200 * 10e-6, 6)
})

const claudesUsage = {
  input_tokens: 10,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 1000,
  cache_creation: { ephemeral_5m_input_tokens: 600, ephemeral_1h_input_tokens: 400 },
  output_tokens: 1,
}
const claudesUsd = (10 + 600 * 1.25 + 400 * 2 + 100 * 10) / 1e6
const details = { cached_tokens: 100, cache_write_tokens: 800 }
const openAisUsd = (100 + 100 + 800 * 1.25 + 100 * 10) / 1e6

test.each([
  [
    'messages',
    { content: [], stop_reason: 'end_turn', usage: { ...claudesUsage, output_tokens: 100 } },
    claudesUsd,
  ],
  [
    'messages',
    [
      { type: 'message_start', message: { usage: claudesUsage } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 100 } },
      { type: 'message_stop' },
    ],
    claudesUsd,
  ],
  [
    'chat/completions',
    {
      choices: [{ message: { content: 'x' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1000, prompt_tokens_details: details, completion_tokens: 100 },
    },
    openAisUsd,
  ],
  [
    'responses',
    {
      object: 'response',
      status: 'completed',
      output: [],
      usage: { input_tokens: 1000, input_tokens_details: details, output_tokens: 100 },
    },
    openAisUsd,
  ],
])('what the prompt cache keeps is paid at its own price: %s (case %#)', async (api, said, usd) => {
  const isStream = Array.isArray(said)
  const text = isStream
    ? said.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
    : JSON.stringify(said)
  const type = isStream ? 'text/event-stream' : 'application/json'
  const answer: Behind = (response) => response.writeHead(200, { 'content-type': type }).end(text)
  expect(await spentOn(answer, { path: `/v1/${api}`, stream: isStream })).toBeCloseTo(usd, 9)
})

test('several choices are held to as many answers', () => {
  const asked = { model, n: 3, max_tokens: 500, messages: [{ role: 'user', content: question }] }
  expect(readPassed('/v1/chat/completions', JSON.stringify(asked))!.maxTokens).toBe(1500)
})
