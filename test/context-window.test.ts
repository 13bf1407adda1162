import OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { events } from './strict-http.ts'
import { versionOf } from './version-of.ts'

let provider: Provider | undefined
afterEach(() => provider?.close())

/** So many words count more tokens than there is room for. */
const long = 'word '.repeat(200)
const said = [{ role: 'user', content: long }]
const parts = [{ role: 'user', parts: [{ text: long }] }]
const blocks = [{ role: 'user', content: [{ text: long }] }]

test('an input that is longer than the context is refused in the words of each API, and is no call that was answered', async () => {
  const { workload } = parseWorkload('model: { id: gpt-5, output: 5, context: 0.1k }')
  provider = await startProvider(workload!, { seed: 3, runId: 'context' })
  const { url } = provider
  const refused = async (path: string, body: object, status = 400): Promise<string> => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: versionOf(path),
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(status)
    return response.text()
  }
  for (const [path, input] of [
    ['/v1/chat/completions', { messages: said }],
    ['/openai/deployments/gpt-5/chat/completions', { messages: said }],
  ] as const) {
    const { error } = JSON.parse(await refused(path, { model: 'gpt-5', ...input })) as { error: object }
    expect(error).toMatchObject({ code: 'context_length_exceeded', type: 'invalid_request_error' })
    expect(error).toHaveProperty('message', expect.stringContaining('maximum context length is 100 tokens'))
  }
  const ofResponses = await refused('/v1/responses', { model: 'gpt-5', input: said })
  expect(JSON.parse(ofResponses)).toMatchObject({
    error: {
      code: 'context_length_exceeded',
      param: 'input',
      message: expect.stringContaining('exceeds the context window of this model') as unknown,
    },
  })
  expect(await refused('/v1/messages', { model: 'c', max_tokens: 9, messages: said })).toMatch(
    /prompt is too long: \d+ tokens > 100 maximum/,
  )
  expect(await refused('/v1beta/models/g:generateContent', { contents: parts })).toMatch(
    /input token count \(\d+\) exceeds the maximum number of tokens allowed \(100\)/,
  )
  expect(await refused('/model/c/converse', { messages: blocks })).toContain(
    'Input is too long for requested',
  )
  await refused('/v1/chat/completions', { model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] }, 200)
  const { records } = (await (await fetch(`${url}/_plimsoll/records?from=0`)).json()) as { records: object[] }
  expect(records).toHaveLength(7)
  expect(records[0]).toMatchObject({ outcome: 'failed', errorKind: 'http_4xx', status: 400 })
})

test('a streamed response that is too long begins, and ends with the refusal as the client throws it', async () => {
  const { workload } = parseWorkload('model: { id: gpt-5, output: 5, context: 0.1k }')
  provider = await startProvider(workload!, { seed: 3, runId: 'streamed' })
  const openai = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 })
  const ask = () => openai.responses.create({ model: 'gpt-5', input: long, stream: true })
  const seen: string[] = []
  const reading = (async () => {
    for await (const { type } of await ask()) seen.push(type)
  })()
  const why = {
    code: 'context_length_exceeded',
    message: expect.stringContaining('exceeds the context window of this model') as unknown,
  }
  await expect(reading).rejects.toMatchObject({ ...why, type: 'invalid_request_error', param: 'input' })
  expect(seen).toEqual(['response.created', 'response.in_progress'])
  await expect(openai.responses.stream({ model: 'gpt-5', input: long }).finalResponse()).rejects.toThrow(
    'context window',
  )
  const answer = await ask().asResponse()
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ])
  const told = events(Buffer.from(await answer.arrayBuffer()))
  expect(told.map(({ type }) => type)).toEqual([...seen, 'error', 'response.failed'])
  expect(JSON.parse(told.at(-1)!.data)).toMatchObject({
    sequence_number: 3,
    response: { status: 'failed', output: [], error: why },
  })
  const { records } = (await (await fetch(`${provider.url}/_plimsoll/records?from=0`)).json()) as {
    records: object[]
  }
  expect(records).toHaveLength(3)
  for (const record of records)
    expect(record).toMatchObject({ outcome: 'failed', errorKind: 'http_4xx', status: 200 })
})

test('a response that may lose its beginning is answered, and counts what the model reads', async () => {
  const { workload } = parseWorkload('model: { id: gpt-5, output: 5, context: 0.1k }')
  provider = await startProvider(workload!, { seed: 3, runId: 'truncation' })
  const ask = async (truncation: string): Promise<unknown> => {
    const body = JSON.stringify({ model: 'gpt-5', input: said, truncation })
    return (await fetch(`${provider!.url}/v1/responses`, { method: 'POST', body })).json()
  }
  expect(await ask('auto')).toMatchObject({ status: 'completed', usage: { input_tokens: 100 } })
  expect(await ask('disabled')).toMatchObject({ error: { code: 'context_length_exceeded' } })
})
