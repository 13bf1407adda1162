import OpenAI, { APIError, NotFoundError, RateLimitError } from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { emptyQuotas } from './empty-quotas.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

interface World {
  readonly depth?: string
  readonly quota?: string
  readonly maxRetries?: number
  readonly speed?: number
}

/** The official client on the simulated provider. */
async function client({ depth = '1', quota, maxRetries = 0, speed = 1 }: World = {}): Promise<OpenAI> {
  const { workload, problems } = parseWorkload(`
name: official client
scenarios: [{ name: orders, say: where is my order, depth: ${depth}, tools: [orders] }]
model: { id: gpt-4.1-mini, output: 30, ttft: 20ms, perToken: 1ms, cached: 50%, input: { system: 10 }${quota ? `, quota: ${quota}` : ''} }
tools: { orders: { latency: 1ms, arguments: { order: [1001, 1002] } } }
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  const provider = await startProvider(workload, { seed: 3, speed, runId: 'sdk' })
  cleanups.push(() => provider.close())
  if (quota) await emptyQuotas(provider.url)
  return new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries })
}

const model = 'gpt-4.1-mini'
const question = [{ role: 'user' as const, content: 'Where is my order 1001?' }]
const tools = [
  {
    type: 'function' as const,
    function: {
      name: 'orders',
      description: 'looks an order up',
      parameters: {
        type: 'object',
        properties: { order: { type: 'integer' }, detail: { type: 'string', enum: ['short', 'long'] } },
        required: ['order', 'detail'],
      },
    },
  },
]

test('a whole answer, with usage', async () => {
  const openai = await client()
  const { data, response, request_id } = await openai.chat.completions
    .create({ model, messages: question })
    .withResponse()
  expect(response.headers.get('content-type')).toContain('application/json')
  expect(request_id).toMatch(/^req_/)
  expect(data).toMatchObject({ object: 'chat.completion', model })
  expect(data.id).toMatch(/^chatcmpl-/)
  const [choice] = data.choices
  expect(choice).toMatchObject({ index: 0, finish_reason: 'stop', message: { role: 'assistant' } })
  expect(choice!.message.content!.length).toBeGreaterThan(30)
  const { prompt_tokens, completion_tokens, total_tokens } = data.usage!
  expect(completion_tokens).toBe(30)
  expect(prompt_tokens).toBeGreaterThan(3)
  expect(total_tokens).toBe(prompt_tokens + completion_tokens)
  expect(data.usage!.prompt_tokens_details!.cached_tokens).toBeLessThanOrEqual(prompt_tokens)
})

test('a stream ends with its reason, and with usage only when asked', async () => {
  const openai = await client()
  const collect = async (usage: boolean) => {
    const stream = await openai.chat.completions.create({
      model,
      messages: question,
      stream: true,
      ...(usage ? { stream_options: { include_usage: true } } : {}),
    })
    const chunks: OpenAI.ChatCompletionChunk[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return chunks
  }
  const chunks = await collect(true)
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  expect(chunks[0]!.choices[0]!.delta.role).toBe('assistant')
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 30 } })
  expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe('stop')
  const plain = await collect(false)
  expect(plain.some(({ usage }) => usage)).toBe(false)
  const text = (all: typeof chunks): string =>
    all.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
  expect(text(plain).length).toBeGreaterThan(30)
})

test("the SDK's own stream helper assembles the same message", async () => {
  const openai = await client({ depth: '2' })
  const stream = openai.chat.completions.stream({ model, messages: question, tools })
  const completion = await stream.finalChatCompletion()
  const [call] = completion.choices[0]!.message.tool_calls!
  expect(completion.choices[0]!.finish_reason).toBe('tool_calls')
  expect(call).toMatchObject({ type: 'function', function: { name: 'orders' } })
})

test("the SDK's tool runner loops as deep as the workload says, with arguments that fit the schema", async () => {
  const openai = await client({ depth: '3' })
  const seen: unknown[] = []
  const runner = openai.chat.completions.runTools({
    model,
    messages: question,
    tools: [
      {
        type: 'function',
        function: {
          ...tools[0]!.function,
          parse: JSON.parse,
          function: (input: { order: number; detail: string }) => {
            seen.push(input)
            return 'shipped yesterday'
          },
        },
      },
    ],
  })
  const answer = await runner.finalContent()
  expect(answer!.length).toBeGreaterThan(30)
  expect(runner.allChatCompletions()).toHaveLength(3)
  expect(seen).toHaveLength(2)
  for (const input of seen)
    expect(input).toEqual({
      order: expect.toBeOneOf([1001, 1002]),
      detail: expect.toBeOneOf(['short', 'long']),
    })
})

test('max_tokens cuts the answer', async () => {
  const openai = await client()
  const { choices, usage } = await openai.chat.completions.create({
    model,
    messages: question,
    max_tokens: 5,
  })
  expect(usage!.completion_tokens).toBe(5)
  expect(choices[0]!.finish_reason).toBe('length')
})

test('models are listed and told', async () => {
  const openai = await client()
  const listed = []
  for await (const each of openai.models.list()) listed.push(each)
  expect(listed).toMatchObject([{ id: model, object: 'model' }])
  await expect(openai.models.retrieve(model)).resolves.toMatchObject({ id: model })
  await expect(openai.models.retrieve('no-such-model')).rejects.toBeInstanceOf(NotFoundError)
})

test('a used-up quota is a RateLimitError with what clients honour', async () => {
  const openai = await client({ quota: '{ rpm: 60 }' })
  const refused = await refusal(openai)
  expect(refused).toBeInstanceOf(RateLimitError)
  expect(refused).toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
  expect(Number(refused.headers.get('retry-after-ms'))).toBeGreaterThan(0)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(refused.headers.get('x-ratelimit-limit-requests')).toBe('60')
  expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0')
})

test('a provider that nobody has asked yet has its quota full', async () => {
  const { workload } = parseWorkload(
    'model: { id: m, output: 1, ttft: 1ms, perToken: 1ms, quota: { rpm: 60 } }',
  )
  const provider = await startProvider(workload!, { seed: 3, runId: 'sdk' })
  cleanups.push(() => provider.close())
  const openai = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 })
  const asked = Array.from({ length: 60 }, () =>
    openai.chat.completions.create({ model: 'm', messages: question }),
  )
  await expect(Promise.all(asked)).resolves.toHaveLength(60)
})

test('the SDK’s retries wait as told and then succeed', async () => {
  // One request a second, at speed 20: a twentieth of a second each.
  const openai = await client({ quota: '{ rpm: 60 }', maxRetries: 8, speed: 20 })
  const answers = await Promise.all(
    Array.from({ length: 4 }, () =>
      openai.chat.completions.create({ model, messages: question, max_tokens: 1 }),
    ),
  )
  expect(answers.map(({ object }) => object)).toEqual(Array(4).fill('chat.completion'))
})

test.each([
  ['no messages', { model }],
  ['no model', { messages: question }],
  ['messages that are no list', { model, messages: 'hello' }],
])('%s: a 400 in the provider’s words', async (_, body) => {
  const openai = await client()
  const error = await openai.chat.completions
    .create(body as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    )
  expect(error).toBeInstanceOf(APIError)
  expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' })
})

/** Asks until the quota says no; a bucket that starts empty says so soon. */
async function refusal(openai: OpenAI): Promise<RateLimitError> {
  for (let i = 0; i < 80; i++) {
    try {
      await openai.chat.completions.create({ model, messages: question, max_tokens: 1 })
    } catch (error) {
      return error as RateLimitError
    }
  }
  throw new Error('the quota never refused')
}

test('what was thought is told in what was used, whole and streamed, and takes of the output', async () => {
  const openai = await client({ depth: '2' })
  const asked = { model, messages: question, tools, reasoning_effort: 'low' } as const
  const { choices, usage } = await openai.chat.completions.create({ ...asked, tool_choice: 'none' })
  expect(usage).toMatchObject({ completion_tokens: 30, completion_tokens_details: { reasoning_tokens: 7 } })
  expect(choices[0]!.message.content!.split(' ')).toHaveLength(23)
  const stream = openai.chat.completions.stream({ ...asked, stream_options: { include_usage: true } })
  const streamed = await stream.finalChatCompletion()
  expect(streamed.usage!.completion_tokens_details!.reasoning_tokens).toBe(7)
  expect(streamed.choices[0]!.message.tool_calls![0]).toMatchObject({ function: { name: 'orders' } })
  const none = await openai.chat.completions.create({ ...asked, reasoning_effort: 'none' })
  expect(none.usage!.completion_tokens_details!.reasoning_tokens).toBe(0)
})

test('a tool that is demanded by its name is called without a reason of its own, whole and streamed', async () => {
  const openai = await client({ depth: '2' })
  const named = { type: 'function', function: { name: 'orders' } } as const
  for (const [tool_choice, reason] of [
    [named, 'stop'],
    ['required', 'tool_calls'],
  ] as const) {
    const asked = { model, messages: question, tools, tool_choice }
    const { choices } = await openai.chat.completions.create(asked)
    const streamed = await openai.chat.completions.stream(asked).finalChatCompletion()
    for (const choice of [choices[0]!, streamed.choices[0]!]) {
      expect(choice.finish_reason).toBe(reason)
      expect(choice.message.tool_calls![0]).toMatchObject({ function: { name: 'orders' } })
    }
  }
})

test('schemas that the official helper writes are taken, and their answers parsed', async () => {
  const openai = await client()
  interface Tree {
    readonly name: string
    readonly kids: readonly Tree[]
  }
  const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), kids: z.array(tree) }))
  const out = z.object({
    kind: z.enum(['new', 'old']),
    either: z.union([z.object({ amount: z.number() }), z.object({ words: z.string() })]),
    perhaps: z.string().nullable(),
    tree,
  })
  const format = zodResponseFormat(out, 'out')
  const { choices } = await openai.chat.completions.parse({
    model,
    messages: question,
    response_format: format,
  })
  expect(out.safeParse(choices[0]!.message.parsed).success).toBe(true)
})

test.each([
  ['parallel calls without tools', { parallel_tool_calls: false }, 'parallel_tool_calls'],
  [
    'an assistant who says nothing',
    { messages: [...question, { role: 'assistant', content: null }, ...question] },
    'messages.[1].content',
  ],
  [
    'an empty list of calls',
    { messages: [...question, { role: 'assistant', content: 'hi', tool_calls: [] }, ...question] },
    'messages[1].tool_calls',
  ],
])('%s are refused as OpenAI does', async (_, more, param) => {
  const openai = await client()
  const asked = { model, messages: question, ...more } as OpenAI.ChatCompletionCreateParamsNonStreaming
  await expect(openai.chat.completions.create(asked)).rejects.toMatchObject({ status: 400, param })
})
