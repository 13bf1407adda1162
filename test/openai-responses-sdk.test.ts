import OpenAI, { APIError, RateLimitError } from 'openai'
import { expect, test } from 'vitest'
import {
  expectIntendedDepths,
  mixedDepth,
  orderSchema,
  recordsOf,
  startWorld,
  validOrder,
  type World,
} from './sdk-world.ts'
import { events } from './strict-http.ts'

const model = 'gpt-5'
const input = 'Where is my order 1001?'
const tools = ['orders', 'stock', 'delete_account'].map((name) => ({
  type: 'function' as const,
  name,
  parameters: orderSchema,
  strict: false,
}))

/** The official client on the simulated provider. */
async function world({ maxRetries = 0, ...rest }: World & { readonly maxRetries?: number } = {}) {
  const provider = await startWorld({ model, ...rest })
  return { provider, openai: new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries }) }
}

type Ask = OpenAI.Responses.ResponseCreateParamsNonStreaming
interface Asked {
  model: string
  tools: typeof tools
  input: OpenAI.Responses.ResponseInput
  previous_response_id?: string
}

const callsOf = ({ output }: OpenAI.Responses.Response) =>
  output.filter((item) => item.type === 'function_call')
const outputsFor = (response: OpenAI.Responses.Response) =>
  callsOf(response).map(({ call_id }) => ({
    type: 'function_call_output' as const,
    call_id,
    output: 'shipped yesterday',
  }))

test('a whole response, with usage', async () => {
  const { openai } = await world()
  const { data, request_id } = await openai.responses
    .create({ model, input, instructions: 'Be kind.', metadata: { a: 'b' } })
    .withResponse()
  expect(request_id).toMatch(/^req_/)
  expect(data).toMatchObject({
    object: 'response',
    model,
    status: 'completed',
    error: null,
    instructions: 'Be kind.',
    metadata: { a: 'b' },
    output: [{ type: 'message', role: 'assistant', status: 'completed' }],
  })
  expect(data.id).toMatch(/^resp_/)
  expect(data.output_text).toHaveLength(120)
  // Of two messages, 3 and 8 tokens, with 4 around each, and 3 that begin the answer.
  expect(data.usage).toEqual({
    input_tokens: 22,
    input_tokens_details: { cached_tokens: 11, cache_write_tokens: 0 },
    output_tokens: 30,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 52,
  })
})

test('a stream tells its events in order, numbered, and ends with the whole response', async () => {
  const { openai } = await world()
  const events: OpenAI.Responses.ResponseStreamEvent[] = []
  for await (const event of await openai.responses.create({ model, input, stream: true })) events.push(event)
  const types = events.map(({ type }) => type)
  const deltas = types.filter((type) => type === 'response.output_text.delta')
  expect(deltas.length).toBeGreaterThan(5)
  expect(types).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    ...deltas,
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ])
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index))
  const text = events
    .map((event) => (event.type === 'response.output_text.delta' ? event.delta : ''))
    .join('')
  expect(events.at(-1)).toMatchObject({
    response: { status: 'completed', output: [{ content: [{ text }] }], usage: { output_tokens: 30 } },
  })
})

test('what a request would count is told without playing it', async () => {
  const { openai, provider } = await world()
  const asked = { model, input, tools, instructions: 'Be kind.' }
  const { object, input_tokens } = await openai.responses.inputTokens.count(asked)
  expect(object).toBe('response.input_tokens')
  expect(await recordsOf(provider)).toEqual([])
  expect((await openai.responses.create(asked)).usage!.input_tokens).toBe(input_tokens)
})

test.each([1, 2])('what was thought is an item before the others, in step 1 of %d', async (depth) => {
  const { openai } = await world({ depth: String(depth) })
  const asked = { model, input, tools, reasoning: { effort: 'low', summary: 'auto' } } as const
  const whole = await openai.responses.create({ ...asked, include: ['reasoning.encrypted_content'] })
  expect(whole.output.map(({ type }) => type)).toEqual([
    'reasoning',
    ...(depth === 1 ? ['message'] : ['function_call', 'function_call']),
  ])
  const [thought] = whole.output as OpenAI.Responses.ResponseReasoningItem[]
  expect(thought).toMatchObject({ id: expect.stringMatching(/^rs_/) as unknown })
  expect(thought!.encrypted_content).toMatch(/./)
  expect(whole.usage!.output_tokens_details.reasoning_tokens).toBe(7)
  const events: OpenAI.Responses.ResponseStreamEvent[] = []
  const stream = openai.responses.stream(asked).on('event', (event) => events.push(event))
  const [streamed, said] = (await stream.finalResponse()).output
  const text = events
    .map((event) => (event.type === 'response.reasoning_summary_text.delta' ? event.delta : ''))
    .join('')
  expect(text).toHaveLength(28)
  expect(streamed).toMatchObject({ type: 'reasoning', summary: [{ text }] })
  expect(said!.type).toBe(whole.output[1]!.type)
  const types = [...new Set(events.slice(2).map(({ type }) => type.replace('response.', '')))]
  expect(types.slice(0, 6)).toEqual([
    'output_item.added',
    'reasoning_summary_part.added',
    'reasoning_summary_text.delta',
    'reasoning_summary_text.done',
    'reasoning_summary_part.done',
    'output_item.done',
  ])
  const quiet = await openai.responses.create({ ...asked, reasoning: { effort: 'high' } })
  expect(quiet.output[0]).toMatchObject({ type: 'reasoning', summary: [] })
  const none = await openai.responses.create({ ...asked, reasoning: { effort: 'none' } })
  expect(none.output[0]!.type).not.toBe('reasoning')
})

test('parallel function calls stream one after another, and the SDK assembles them', async () => {
  const { openai } = await world({ depth: '2' })
  const choice = { type: 'function' as const, name: 'orders' }
  const stream = openai.responses.stream({ model, input, tools, tool_choice: choice })
  const types: string[] = []
  stream.on('event', ({ type }) => void types.push(type))
  const response = await stream.finalResponse()
  const calls = callsOf(response)
  expect(calls).toHaveLength(2)
  for (const call of calls) expect(JSON.parse(call.arguments)).toEqual(validOrder)
  const count = (type: string): number => types.filter((each) => each === type).length
  expect(count('response.output_item.added')).toBe(2)
  expect(count('response.function_call_arguments.done')).toBe(2)
  expect(count('response.function_call_arguments.delta')).toBeGreaterThan(4)
  const alone = await openai.responses.create({
    model,
    input,
    tools,
    tool_choice: choice,
    parallel_tool_calls: false,
  })
  expect(callsOf(alone)).toHaveLength(1)
})

test('the tool loop is as deep as the workload says, streaming and not, by items or by the previous id', async () => {
  const { openai, provider } = await world({ depth: mixedDepth })
  const called = new Set<string>()
  await expectIntendedDepths(async (headers, turn) => {
    const items: OpenAI.Responses.ResponseInput = [{ role: 'user', content: input }]
    let asked: Asked = { model, tools, input: items }
    for (let calls = 1; ; calls++) {
      const response =
        turn % 2
          ? await openai.responses.stream(asked, { headers }).finalResponse()
          : await openai.responses.create(asked, { headers })
      const outputs = outputsFor(response)
      if (outputs.length === 0) return calls
      for (const { name } of callsOf(response)) called.add(name)
      items.push(...callsOf(response), ...outputs)
      asked =
        turn % 4 < 2
          ? { model, tools, input: items }
          : { model, tools, input: outputs, previous_response_id: response.id }
    }
  })
  expect([...called].sort()).toEqual(['orders', 'stock'])
  const records = await recordsOf(provider)
  expect(new Set(records.map(({ joinedBy }) => joinedBy))).toEqual(new Set(['trace', 'id']))
  expect(records.every(({ session, step, depth }) => session >= 0 && step <= depth)).toBe(true)
})

test('what came before a previous response is input again; its instructions are not', async () => {
  const { openai } = await world()
  const first = await openai.responses.create({ model, input, instructions: 'x'.repeat(4_000) })
  const second = await openai.responses.create({ model, input: 'thanks', previous_response_id: first.id })
  // 8 + 30 + 1 tokens, with 4 around each, and 3 that begin the answer.
  expect(second.usage!.input_tokens).toBe(54)
  expect(second.previous_response_id).toBe(first.id)
  const third = await openai.responses.create({ model, input: 'bye', previous_response_id: second.id })
  expect(third.usage!.input_tokens).toBe(54 + 30 + 1 + 2 * 4)
})

test('a response that was not stored, or is of before a reset, is not found', async () => {
  const { openai, provider } = await world()
  const unstored = await openai.responses.create({ model, input, store: false })
  const stored = await openai.responses.create({ model, input })
  const goOn = (previous_response_id: string) =>
    openai.responses.create({ model, input, previous_response_id })
  const notFound = { status: 400, code: 'previous_response_not_found', param: 'previous_response_id' }
  await expect(goOn(unstored.id)).rejects.toMatchObject(notFound)
  await expect(goOn(stored.id)).resolves.toMatchObject({ status: 'completed' })
  await fetch(`${provider.url}/_plimsoll/reset`, {
    method: 'POST',
    body: JSON.stringify({ runId: 'next', seed: 1 }),
  })
  await expect(goOn(stored.id)).rejects.toMatchObject(notFound)
})

test('max_output_tokens leaves a response incomplete; a schema is kept to', async () => {
  const { openai } = await world()
  const cut = await openai.responses.create({ model, input, max_output_tokens: 16 })
  expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
  expect([cut.usage!.output_tokens, cut.output_text.length]).toEqual([16, 64])
  const streamed = openai.responses.stream({ model, input, max_output_tokens: 16 })
  const types: string[] = []
  for await (const { type } of streamed) types.push(type)
  expect(types.at(-1)).toBe('response.incomplete')
  const format = { type: 'json_schema' as const, name: 'order', schema: orderSchema }
  const answer = await openai.responses.create({ model, input, text: { format } })
  expect(JSON.parse(answer.output_text)).toMatchObject({ detail: validOrder.detail })
})

test('the SDK’s retries wait as told and then succeed; without them it is a RateLimitError', async () => {
  // One request a second, at speed 20: a twentieth of a second each.
  const { openai, provider } = await world({ quota: '{ rpm: 60 }', maxRetries: 8, speed: 20 })
  const ask = (client: OpenAI) => client.responses.create({ model, input, max_output_tokens: 16 })
  const answers = await Promise.all(Array.from({ length: 4 }, () => ask(openai)))
  expect(answers.map(({ object }) => object)).toEqual(Array(4).fill('response'))
  const records = await recordsOf(provider)
  expect(records.filter(({ outcome }) => outcome === 'completed')).toHaveLength(4)
  expect(records.filter(({ status }) => status === 429).length).toBeGreaterThan(0)
  const hasty = openai.withOptions({ maxRetries: 0 })
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => ask(hasty)))
  const refused = all.flatMap((each) => (each.status === 'rejected' ? [each.reason as RateLimitError] : []))
  expect(refused[0]).toBeInstanceOf(RateLimitError)
  expect(refused[0]).toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
  expect(Number(refused[0]!.headers.get('retry-after-ms'))).toBeGreaterThan(0)
})

test('what is cut in the middle is an error, and a failed response', async () => {
  const quota = '{ like: bedrock-mantle, itpm: 500M, otpm: 10, expectedOutput: 100 }'
  const { openai } = await world({ quota, perToken: '1ms' })
  const stream = await openai.responses.create({ model, input, stream: true }).asResponse()
  const told = events(Buffer.from(await stream.arrayBuffer()))
  const [error, failed] = told.slice(-2).map(({ data }) => JSON.parse(data) as object)
  const why = { code: 'server_error', message: expect.any(String) as unknown }
  const number = told.length - 2
  expect(error).toEqual({
    type: 'error',
    sequence_number: number,
    error: { type: 'server_error', param: null, ...why },
  })
  expect(failed).toMatchObject({
    type: 'response.failed',
    sequence_number: number + 1,
    response: { status: 'failed', error: why },
  })
})

test.each([
  ['no input', { model }],
  ['no model', { input }],
  ['an empty input', { model, input: [] }],
  ['an item that is none', { model, input: ['hello'] }],
  ['an output without its call', { model, input: [{ type: 'function_call_output', output: 'x' }] }],
  ['a response in the background', { model, input, background: true }],
  ['a choice that is not declared', { model, input, tools, tool_choice: { type: 'function', name: 'x' } }],
])('%s: a 400 in the words of the API', async (_, body) => {
  const { openai } = await world()
  const error = await openai.responses.create(body as Ask).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(APIError)
  expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' })
})

test.each([
  [
    'all of it is told by references, as Vercel’s ai does',
    (item: { id: string }) => [{ type: 'item_reference', id: item.id }],
  ],
  ['answers are not kept', () => []],
])('a turn after one with tools is a turn of its own where %s', async (_, retold) => {
  const { openai, provider } = await world({ depth: '2' })
  const history: OpenAI.Responses.ResponseInput = []
  const turn = async (number: number): Promise<number> => {
    history.push({ role: 'user', content: `Where is it? (ref 00000001-7-${number})` })
    for (let step = 1; ; step++) {
      const response = await openai.responses.create({ model, tools, input: history })
      const calls = callsOf(response)
      if (calls.length === 0) {
        for (const item of response.output)
          history.push(...(retold(item as { id: string }) as typeof history))
        return step
      }
      for (const item of response.output) history.push({ id: item.id! })
      history.push(...outputsFor(response))
    }
  }
  expect([await turn(0), await turn(1)]).toEqual([2, 2])
  const records = await recordsOf(provider)
  expect(records.map(({ turn, step, joinedBy }) => [turn, step, joinedBy])).toEqual([
    [0, 1, 'text'],
    [0, 2, 'id'],
    [1, 1, 'text'],
    [1, 2, 'id'],
  ])
  const [first, second, third] = records
  // Each call and each result counts; so does an answer, where it is told again: 30 tokens.
  expect(second!.inputTokens - first!.inputTokens).toBeGreaterThan(25)
  expect(third!.inputTokens - second!.inputTokens).toBeGreaterThan(retold({ id: '' }).length > 0 ? 30 : 5)
})
