import Anthropic, { APIError, NotFoundError, RateLimitError } from '@anthropic-ai/sdk'
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

const model = 'claude-sonnet-5'
const messages = [{ role: 'user' as const, content: 'Where is my order 1001?' }]
const max_tokens = 100
const tools = ['orders', 'stock', 'delete_account'].map((name) => ({ name, input_schema: orderSchema }))

/** The official client on the simulated provider. */
async function world({ maxRetries = 0, ...rest }: World & { readonly maxRetries?: number } = {}) {
  const provider = await startWorld({ model, ...rest })
  return { provider, anthropic: new Anthropic({ baseURL: provider.url, apiKey: 'none', maxRetries }) }
}

test('a whole answer, with usage that tells cached input apart', async () => {
  const { anthropic } = await world()
  const { data, response, request_id } = await anthropic.messages
    .create({ model, messages, max_tokens, system: [{ type: 'text', text: 'Be kind. '.repeat(9) }] })
    .withResponse()
  expect(response.headers.get('content-type')).toContain('application/json')
  expect(request_id).toMatch(/^req_/)
  expect(data).toMatchObject({ type: 'message', role: 'assistant', model, stop_reason: 'end_turn' })
  expect(data.id).toMatch(/^msg_/)
  expect(data.content).toEqual([{ type: 'text', text: expect.any(String), citations: null }])
  const { input_tokens, cache_read_input_tokens, output_tokens } = data.usage
  expect([input_tokens, cache_read_input_tokens, output_tokens]).toEqual([13, 13, 30])
  expect(data.usage).toMatchObject({
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens_details: { thinking_tokens: 0 },
    service_tier: 'standard',
  })
})

test('counting tokens says what the same request is then charged for', async () => {
  const { anthropic } = await world()
  const asked = { model, messages, system: 'Be kind, and quick about it.', tools }
  const { input_tokens } = await anthropic.messages.countTokens(asked)
  const { usage } = await anthropic.messages.create({ ...asked, max_tokens })
  expect(usage.input_tokens + usage.cache_read_input_tokens!).toBe(input_tokens)
})

test('a stream tells its events in order, and is the answer that is told whole', async () => {
  const { anthropic } = await world()
  const stream = await anthropic.messages.create({ model, messages, max_tokens, stream: true })
  const events: Anthropic.RawMessageStreamEvent[] = []
  for await (const event of stream) events.push(event)
  const types = events.map(({ type }) => type)
  expect(types.slice(0, 2)).toEqual(['message_start', 'content_block_start'])
  expect(types.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop'])
  expect(new Set(types.slice(2, -3))).toEqual(new Set(['content_block_delta']))
  expect(types.length).toBeGreaterThan(9)
  const text = events
    .map((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '',
    )
    .join('')
  expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 30 } })
  expect(text).toHaveLength(120)
})

test("the SDK's helper assembles a streamed answer, and the pings among it do no harm", async () => {
  const { anthropic, provider } = await world()
  const final = await anthropic.messages.stream({ model, messages, max_tokens }).finalMessage()
  expect(final).toMatchObject({ stop_reason: 'end_turn', usage: { output_tokens: 30 } })
  const raw = await fetch(`${provider.url}/v1/messages`, {
    method: 'POST',
    headers: { 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages, max_tokens, stream: true }),
  })
  const text = await raw.text()
  expect(raw.headers.get('content-type')).toContain('text/event-stream')
  expect(text).toContain('event: ping\ndata: {"type":"ping"}\n\n')
  for (const block of text.trimEnd().split('\n\n'))
    expect(block).toMatch(/^event: (\w+)\ndata: \{"type":"\1"/)
})

test('the tool loop is as deep as the workload says, streaming and not', async () => {
  const { anthropic, provider } = await world({ depth: mixedDepth })
  const called = new Set<string>()
  await expectIntendedDepths(async (headers, turn) => {
    const said: Anthropic.MessageParam[] = [...messages]
    for (let calls = 1; ; calls++) {
      const asked = { model, max_tokens, tools, messages: said }
      const { content, stop_reason } =
        turn % 2
          ? await anthropic.messages.stream(asked, { headers }).finalMessage()
          : await anthropic.messages.create(asked, { headers })
      if (stop_reason !== 'tool_use') return calls
      const uses = content.filter((block) => block.type === 'tool_use')
      for (const { name, input } of uses) {
        called.add(name)
        expect(input).toMatchObject(name === 'orders' ? validOrder : {})
      }
      said.push({ role: 'assistant', content })
      const results = uses.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'ok' }))
      said.push({ role: 'user', content: results })
    }
  })
  expect([...called].sort()).toEqual(['orders', 'stock'])
  const records = await recordsOf(provider)
  expect(new Set(records.map(({ joinedBy }) => joinedBy))).toEqual(new Set(['trace', 'id']))
  expect(records.every(({ session, step, depth }) => session >= 0 && step <= depth)).toBe(true)
})

test('results join by their ids alone, also among text', async () => {
  const { anthropic, provider } = await world({ depth: '2' })
  const first = await anthropic.messages.create({ model, max_tokens, tools, messages })
  const results = first.content.flatMap((block) =>
    block.type === 'tool_use'
      ? [
          {
            type: 'tool_result' as const,
            tool_use_id: block.id,
            is_error: true,
            content: [{ type: 'text' as const, text: 'no' }],
          },
        ]
      : [],
  )
  expect(results[0]!.tool_use_id).toMatch(/^toolu_/)
  const answer: Anthropic.ContentBlockParam[] = [...results, { type: 'text', text: 'go on' }]
  const second = await anthropic.messages.create({
    model,
    max_tokens,
    tools,
    messages: [...messages, { role: 'assistant', content: first.content }, { role: 'user', content: answer }],
  })
  expect(second.stop_reason).toBe('end_turn')
  expect((await recordsOf(provider)).map(({ step, depth }) => [step, depth])).toEqual([
    [1, 2],
    [2, 2],
  ])
})

test('tool_choice and max_tokens are obeyed', async () => {
  const { anthropic } = await world({ depth: '2' })
  const ask = (more: Partial<Anthropic.MessageCreateParamsNonStreaming>) =>
    anthropic.messages.create({ model, max_tokens, tools, messages, ...more })
  const used = async (choice: Anthropic.ToolChoice) =>
    (await ask({ tool_choice: choice })).content.map((block) => (block.type === 'tool_use' ? block.name : ''))
  expect(new Set(await used({ type: 'tool', name: 'stock' }))).toEqual(new Set(['stock']))
  expect(await used({ type: 'none' })).toEqual([''])
  expect(await used({ type: 'tool', name: 'orders', disable_parallel_tool_use: true })).toEqual(['orders'])
  const cut = await ask({ max_tokens: 5, tools: [] })
  expect([cut.stop_reason, cut.usage.output_tokens]).toEqual(['max_tokens', 5])
  await expect(used({ type: 'tool', name: 'delete_account' })).rejects.toMatchObject({ status: 400 })
})

test('thinking comes before what is said, with a signature, and takes its share of the billed tokens', async () => {
  const { anthropic } = await world()
  const thinking = { type: 'enabled' as const, budget_tokens: 1024 }
  const asked = { model, messages, max_tokens: 2000, thinking }
  const { content, usage } = await anthropic.messages.create(asked)
  expect(content).toMatchObject([
    { type: 'thinking', signature: expect.any(String) as unknown },
    { type: 'text' },
  ])
  expect(
    content.map(
      (block) =>
        (block.type === 'thinking' ? block.thinking : block.type === 'text' ? block.text : '').length,
    ),
  ).toEqual([28, 92])
  expect([usage.output_tokens, usage.output_tokens_details!.thinking_tokens]).toEqual([30, 7])
  const final = await anthropic.messages.stream(asked).finalMessage()
  expect(final.content.map(({ type }) => type)).toEqual(['thinking', 'text'])
  expect(final.content[0]).toMatchObject({
    signature: expect.stringMatching(/./) as unknown,
    thinking: expect.stringMatching(/^.{28}$/) as unknown,
  })
})

test('thinking that is kept to itself is an empty block with its signature', async () => {
  const { anthropic } = await world()
  const thinking = { type: 'adaptive' as const, display: 'omitted' as const }
  const final = await anthropic.messages.stream({ model, messages, max_tokens, thinking }).finalMessage()
  expect(final.content).toMatchObject([{ type: 'thinking', thinking: '' }, { type: 'text' }])
})

test('a loop goes on with thinking blocks echoed before the calls', async () => {
  const { anthropic } = await world({ depth: '3' })
  const said: Anthropic.MessageParam[] = [...messages]
  for (let step = 1; step < 3; step++) {
    const thinking = { type: 'adaptive' as const }
    const { content } = await anthropic.messages.create({
      model,
      max_tokens,
      tools,
      messages: said,
      thinking,
    })
    expect(content[0]!.type).toBe('thinking')
    const uses = content.filter((block) => block.type === 'tool_use')
    expect(uses.length).toBeGreaterThan(0)
    said.push({ role: 'assistant', content })
    said.push({
      role: 'user',
      content: uses.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'ok' })),
    })
  }
  expect((await anthropic.messages.create({ model, max_tokens, tools, messages: said })).stop_reason).toBe(
    'end_turn',
  )
})

test.each([
  ['too small', { type: 'enabled', budget_tokens: 1000 }],
  ['not below max_tokens', { type: 'enabled', budget_tokens: 1024 }],
  ['of no kind', { type: 'loud' }],
])('a thinking budget that is %s is refused', async (_, thinking) => {
  const { anthropic } = await world()
  const asked = anthropic.messages.create({
    model,
    messages,
    max_tokens: 1024,
    thinking: thinking as Anthropic.ThinkingConfigParam,
  })
  await expect(asked).rejects.toMatchObject({
    status: 400,
    error: { error: { type: 'invalid_request_error' } },
  })
})

test('an answer keeps to a schema', async () => {
  const { anthropic } = await world()
  const schema = { ...orderSchema, additionalProperties: false }
  const format = { type: 'json_schema' as const, schema }
  const { content } = await anthropic.messages.create({
    model,
    max_tokens,
    messages,
    output_config: { format },
  })
  const [block] = content
  expect(JSON.parse(block?.type === 'text' ? block.text : '')).toMatchObject({
    order: expect.any(Number) as unknown,
    detail: validOrder.detail,
  })
})

test('a used-up quota is a rate_limit_error with what clients honour', async () => {
  const { anthropic } = await world({ quota: '{ rpm: 60, tpm: 1M }' })
  const before = Date.now()
  const refused = await refusal(anthropic)
  expect(refused).toBeInstanceOf(RateLimitError)
  expect(refused.error).toEqual({
    type: 'error',
    error: { type: 'rate_limit_error', message: expect.any(String) },
    request_id: refused.requestID,
  })
  const header = (name: string): string => refused.headers.get(name)!
  expect(header('retry-after')).toBe('1')
  expect(header('retry-after-ms')).toBeNull()
  expect(header('anthropic-ratelimit-requests-limit')).toBe('60')
  expect(header('anthropic-ratelimit-requests-remaining')).toBe('0')
  expect(header('anthropic-ratelimit-tokens-limit')).toBe('1000000')
  expect(Number(header('anthropic-ratelimit-tokens-remaining')) % 1000).toBe(0)
  expect(header('anthropic-ratelimit-requests-reset')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  expect(Date.parse(header('anthropic-ratelimit-requests-reset'))).toBeGreaterThan(before)
})

test('limits of input and output are told apart, and the tighter once more as that of the tokens', async () => {
  const { anthropic } = await world({ quota: '{ like: anthropic-start, rpm: 600k, itpm: 60M, otpm: 600k }' })
  const asked = anthropic.messages.create({ model, messages, max_tokens: 1 }, { maxRetries: 8 })
  const { response } = await asked.withResponse()
  const limits = ['requests', 'input-tokens', 'output-tokens', 'tokens'].map((of) =>
    Number(response.headers.get(`anthropic-ratelimit-${of}-limit`)),
  )
  expect(limits.slice(0, 3)).toEqual([600_000, 60_000_000, 600_000])
  expect(limits.slice(1, 3)).toContain(limits[3])
})

test('the SDK’s retries wait as told and then succeed, and each is a try of the same call', async () => {
  // One request a second, at speed 20: a twentieth of a second each.
  const { anthropic, provider } = await world({ quota: '{ rpm: 60 }', maxRetries: 8, speed: 20 })
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => anthropic.messages.create({ model, messages, max_tokens: 1 })),
  )
  expect(answers.map(({ type }) => type)).toEqual(Array(4).fill('message'))
  const records = await recordsOf(provider)
  expect(records.filter(({ outcome }) => outcome === 'completed')).toHaveLength(4)
  const refused = records.filter(({ outcome }) => outcome === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.every(({ status, errorKind }) => status === 429 && errorKind === 'rate_limited')).toBe(true)
  expect(records.some(({ attempt }) => attempt > 0)).toBe(true)
})

test('a server whose slots are full is overloaded: 529, until there is room', async () => {
  const quota = '{ like: vllm, slots: 1, queue: 0, retryAfter: 20ms }'
  const { anthropic, provider } = await world({ quota, perToken: '1s' })
  const asked = { model, messages, max_tokens }
  const slow = await anthropic.messages.create({ ...asked, stream: true })
  const refused = await anthropic.messages.create(asked).then(
    () => undefined,
    (error: unknown) => error as APIError,
  )
  expect(refused).toMatchObject({ status: 529, error: { error: { type: 'overloaded_error' } } })
  expect(refused!.headers!.get('retry-after-ms')).toBe('20')
  slow.controller.abort()
  const patient = anthropic.withOptions({ maxRetries: 20 })
  await expect(patient.messages.create({ ...asked, max_tokens: 1 })).resolves.toMatchObject({
    type: 'message',
  })
  const records = await recordsOf(provider)
  expect(records).toContainEqual(expect.objectContaining({ status: 529, errorKind: 'overloaded' }))
})

test('what is cut in the middle is an error event, which the SDK throws', async () => {
  const quota = '{ like: bedrock-mantle, itpm: 500M, otpm: 10, expectedOutput: 100 }'
  const { anthropic } = await world({ quota, perToken: '1ms' })
  const stream = await anthropic.messages.create({ model, messages, max_tokens, stream: true })
  const read = async (): Promise<void> => {
    for await (const event of stream) expect(event.type).not.toBe('message_stop')
  }
  await expect(read()).rejects.toMatchObject({ error: { error: { type: 'overloaded_error' } } })
})

test.each([
  ['no messages', { model, max_tokens }],
  ['no model', { messages, max_tokens }],
  ['no max_tokens', { model, messages }],
  ['a role that is none', { model, max_tokens, messages: [{ role: 'king', content: 'kneel' }] }],
  [
    'a result without its call',
    { model, max_tokens, messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] },
  ],
])('%s: a 400 in the words of the API', async (_, body) => {
  const { anthropic } = await world()
  const error = await anthropic.messages.create(body as Anthropic.MessageCreateParamsNonStreaming).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(APIError)
  expect(error).toMatchObject({
    status: 400,
    error: {
      type: 'error',
      error: { type: 'invalid_request_error' },
      request_id: expect.stringMatching(/^req_/),
    },
  })
})

test('models are listed and told in the shape of the client that asks', async () => {
  const { anthropic, provider } = await world()
  const listed = []
  for await (const each of anthropic.models.list({ limit: 1 })) listed.push(each)
  expect(listed).toMatchObject([{ id: model, type: 'model', display_name: model }])
  await expect(anthropic.models.retrieve(model)).resolves.toMatchObject({ id: model, type: 'model' })
  await expect(anthropic.models.retrieve('no-such-model')).rejects.toBeInstanceOf(NotFoundError)
  const other = (await (await fetch(`${provider.url}/v1/models`)).json()) as { object: string }
  expect(other.object).toBe('list')
})

/** Asks until the quota says no; a bucket that starts empty says so soon. */
async function refusal(anthropic: Anthropic): Promise<APIError<429, Headers>> {
  for (let i = 0; i < 80; i++) {
    try {
      await anthropic.messages.create({ model, messages, max_tokens: 1 })
    } catch (error) {
      return error as APIError<429, Headers>
    }
  }
  throw new Error('the quota never refused')
}
