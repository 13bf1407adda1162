// What OpenAI keeps of responses, told again and deleted.
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { orderSchema, recordsOf, startWorld } from './sdk-world.ts'

const model = 'any'
const input = 'Where is my order 1001?'
const tools = [{ type: 'function' as const, name: 'orders', parameters: orderSchema, strict: true }]

async function world() {
  const provider = await startWorld({ depth: '2' })
  const { responses } = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 })
  return { provider, responses }
}

const notFound = (id: string) => ({
  status: 404,
  error: {
    message: `Response with id '${id}' not found.`,
    type: 'invalid_request_error',
    param: null,
    code: null,
  },
})

test('a response is told again as it was, whole or streamed, and is no call', async () => {
  const { provider, responses } = await world()
  const asked = { model, input, tools, instructions: 'Be kind.', metadata: { shop: 'one' } }
  const called = await responses.create(asked)
  expect(await responses.retrieve(called.id)).toEqual(called)
  const results = called.output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: 'shipped' }]
      : [],
  )
  const stream = responses.stream({ ...asked, input: results, previous_response_id: called.id })
  const { output_text, ...final } = await stream.finalResponse()
  expect(output_text).toMatch(/./)
  expect(await responses.retrieve(final.id)).toMatchObject({
    id: final.id,
    output: [{ type: 'message', content: [{ type: 'output_text', text: output_text }] }],
    usage: final.usage,
    previous_response_id: called.id,
  })
  expect(await recordsOf(provider)).toHaveLength(2)
})

test('what is not stored, is of before a reset or was deleted is not found', async () => {
  const { provider, responses } = await world()
  const unstored = await responses.create({ model, input, store: false })
  await expect(responses.retrieve(unstored.id)).rejects.toMatchObject(notFound(unstored.id))
  const { id } = await responses.create({ model, input })
  await responses.delete(id)
  for (const again of [responses.retrieve(id), responses.inputItems.list(id), responses.delete(id)])
    await expect(again).rejects.toMatchObject(notFound(id))
  await expect(responses.create({ model, input, previous_response_id: id })).rejects.toMatchObject({
    code: 'previous_response_not_found',
  })
  const other = await responses.create({ model, input })
  const body = JSON.stringify({ runId: 'next', seed: 1 })
  await fetch(`${provider.url}/_plimsoll/reset`, { method: 'POST', body })
  await expect(responses.retrieve(other.id)).rejects.toMatchObject(notFound(other.id))
})

test('a response that was not created in the background is not streamed again, in the words of the real API', async () => {
  const { responses } = await world()
  const { id } = await responses.create({ model, input })
  for (const from of [{}, { starting_after: 3 }])
    await expect(responses.retrieve(id, { stream: true, ...from })).rejects.toMatchObject({
      status: 400,
      error: {
        message: 'This response cannot be streamed because it was not created with background=true.',
        type: 'invalid_request_error',
        param: 'stream',
        code: 'invalid_request_error',
      },
    })
  await expect(responses.retrieve('resp_none', { stream: true })).rejects.toMatchObject(notFound('resp_none'))
})

test('what a response was asked is listed, the last first where nobody says otherwise, page by page', async () => {
  const { responses } = await world()
  const texts = ['hello', 'good day', 'where is it?']
  const { id } = await responses.create({
    model,
    input: texts.map((content, index) => ({ role: index === 1 ? 'assistant' : 'user', content })),
  })
  const { data, has_more } = await responses.inputItems.list(id, { limit: 2 })
  expect(has_more).toBe(true)
  expect(data).toMatchObject([
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'where is it?' }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'good day' }] },
  ])
  const listed = []
  for await (const item of responses.inputItems.list(id, { order: 'asc', limit: 2 })) listed.push(item)
  expect(listed).toMatchObject(
    texts.map((text) => ({ id: expect.stringMatching(/^msg_/) as unknown, content: [{ text }] })),
  )
  await expect(responses.inputItems.list(id, { limit: 101 })).rejects.toMatchObject({
    status: 400,
    param: 'limit',
    code: 'integer_above_max_value',
  })
  const single = await responses.create({ model, input })
  expect((await responses.inputItems.list(single.id)).data).toMatchObject([{ content: [{ text: input }] }])
})

test('whatever was asked can be told again, or is refused in words', async () => {
  const { provider, responses } = await world()
  const format = { type: 'json_object' as const }
  const first = await responses.create({ model, input: 'Answer as JSON.' })
  const second = await responses.create({
    model,
    input: 'And now?',
    previous_response_id: first.id,
    text: { format },
  })
  // What was said before is not in the request.
  await responses.delete(first.id)
  expect(await responses.retrieve(second.id)).toMatchObject({ text: { format } })
  const deep = `{"type":"reasoning","summary":${'['.repeat(9_000)}${']'.repeat(9_000)}}`
  const created = await fetch(`${provider.url}/v1/responses`, {
    method: 'POST',
    body: `{"model":"any","input":[{"role":"user","content":"hello"},${deep}]}`,
  })
  const { id } = (await created.json()) as { id: string }
  await expect(responses.inputItems.list(id)).rejects.toMatchObject({ status: 400, param: 'input' })
  expect((await responses.retrieve(id)).id).toBe(id)
})

test('paths and methods that are none are told so', async () => {
  const { provider, responses } = await world()
  const { id } = await responses.create({ model, input })
  const status = async (path: string, method: string): Promise<number> =>
    (await fetch(`${provider.url}${path}`, { method })).status
  expect(await status(`/openai/v1/responses/${id}`, 'GET')).toBe(200)
  expect(await status(`/v1/responses/${id}`, 'PUT')).toBe(405)
  expect(await status(`/v1/responses/${id}/input_items`, 'DELETE')).toBe(405)
  expect(await status(`/v1/responses/${id}?stream=true`, 'GET')).toBe(400)
})
