import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { versionOf } from './version-of.ts'

let provider: Provider
beforeAll(async () => {
  const { workload } = parseWorkload(`
scenarios: [{ name: a, depth: 2, tools: [orders] }]
model: { id: any, output: 3, ttft: 0ms, perToken: 0ms }
tools: { orders: { latency: 0ms } }
`)
  provider = await startProvider(workload!, { seed: 5, runId: 'fuzz' })
})
afterAll(() => provider.close())

const json = fc.jsonValue({ maxDepth: 3 })
const names = (...words: string[]) => fc.constantFrom(...words)
/** A body that is nearly right: fields that the API knows, each with its usual value or with anything. */
const nearly = (fields: Readonly<Record<string, unknown>>) =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, usual]) => [
        name,
        fc.oneof({ weight: 20, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: json }),
      ]),
    ),
    { requiredKeys: ['model'].filter((name) => name in fields) },
  )

const parts = (...usual: unknown[]) =>
  fc.array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...usual) }, json), { maxLength: 3 })
const said = (roles: readonly string[], content: fc.Arbitrary<unknown>, key = 'content') =>
  fc.array(
    fc.oneof(
      fc.record({ role: fc.oneof(names(...roles), json), [key]: content }, { requiredKeys: [] }),
      json,
    ),
    { maxLength: 3 },
  )
const withList = (fields: Readonly<Record<string, unknown>>, key: string, list: fc.Arbitrary<unknown>) =>
  fc.tuple(nearly(fields), fc.oneof(list, json)).map(([body, value]) => ({ ...body, [key]: value }))

const schema = { type: 'object', properties: { order: { type: 'integer' } }, required: ['order'] }
const declared = { name: 'orders', parameters: schema }

type Api = 'openai' | 'anthropic' | 'gemini' | 'bedrock'
const shapes: Readonly<Record<Api, (body: unknown) => void>> = {
  openai: (body) =>
    expect(body).toMatchObject({
      error: { message: expect.any(String) as unknown, type: expect.any(String) as unknown },
    }),
  anthropic: (body) =>
    expect(body).toMatchObject({
      type: 'error',
      error: { type: expect.any(String) as unknown, message: expect.any(String) as unknown },
    }),
  gemini: (body) =>
    expect(body).toMatchObject({
      error: { code: expect.any(Number) as unknown, status: expect.any(String) as unknown },
    }),
  bedrock: (body) => expect(body).toEqual({ message: expect.any(String) as unknown }),
}

const text = fc.oneof(
  fc.constant('hello'),
  parts({ type: 'text', text: 'hello' }, { type: 'tool_result', tool_use_id: 'x', content: [] }),
)
const apis: readonly [name: string, api: Api, paths: readonly string[], body: fc.Arbitrary<unknown>][] = [
  [
    'Chat Completions',
    'openai',
    ['/v1/chat/completions', '/openai/deployments/d/chat/completions?api-version=1'],
    withList(
      {
        model: 'any',
        stream: true,
        n: 1,
        max_tokens: 3,
        tools: [{ type: 'function', function: declared }],
        tool_choice: 'auto',
        stream_options: { include_usage: true },
        response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
      },
      'messages',
      said(['user', 'assistant', 'tool', 'system'], text),
    ),
  ],
  [
    'Responses',
    'openai',
    ['/v1/responses'],
    withList(
      {
        model: 'any',
        stream: true,
        max_output_tokens: 16,
        tools: [{ type: 'function', ...declared }],
        tool_choice: 'auto',
        instructions: 'be kind',
        text: { format: { type: 'json_schema', name: 'x', schema } },
        previous_response_id: 'resp_x',
        conversation: null,
      },
      'input',
      said(['user', 'assistant', 'system'], text),
    ),
  ],
  [
    'Conversations',
    'openai',
    ['/v1/conversations', '/v1/conversations/conv_x', '/v1/conversations/conv_x/items'],
    withList({ metadata: { a: 'b' } }, 'items', said(['user', 'assistant', 'system'], text)),
  ],
  [
    'Embeddings',
    'openai',
    ['/v1/embeddings'],
    nearly({ model: 'any', input: ['a', 'b'], dimensions: 8, encoding_format: 'base64' }),
  ],
  [
    'Anthropic Messages',
    'anthropic',
    ['/v1/messages', '/v1/messages/count_tokens'],
    withList(
      {
        model: 'any',
        stream: true,
        max_tokens: 2000,
        tools: [{ name: 'orders', input_schema: schema }],
        tool_choice: { type: 'auto' },
        system: [{ type: 'text', text: 'x' }],
        thinking: { type: 'enabled', budget_tokens: 1024 },
        output_config: { format: { type: 'json_schema', schema } },
      },
      'messages',
      said(['user', 'assistant'], text),
    ),
  ],
  [
    'Gemini',
    'gemini',
    [
      '/v1beta/models/any:generateContent',
      '/v1beta/models/any:streamGenerateContent?alt=sse',
      '/v1beta/models/any:countTokens',
    ],
    withList(
      {
        tools: [{ functionDeclarations: [declared] }],
        toolConfig: { functionCallingConfig: { mode: 'ANY' } },
        system_instruction: { parts: [{ text: 'x' }] },
        generationConfig: {
          maxOutputTokens: 3,
          responseMimeType: 'application/json',
          responseSchema: { type: 'OBJECT', minItems: 'x' },
          thinkingConfig: { includeThoughts: true },
        },
      },
      'contents',
      said(
        ['user', 'model'],
        parts(
          { text: 'hello' },
          { functionCall: { name: 'orders', args: {} } },
          { functionResponse: { name: 'orders', response: {} } },
        ),
        'parts',
      ),
    ),
  ],
  [
    'Bedrock Converse',
    'bedrock',
    ['/model/any/converse', '/model/any/converse-stream'],
    withList(
      {
        system: [{ text: 'x' }],
        inferenceConfig: { maxTokens: 3 },
        toolConfig: {
          tools: [{ toolSpec: { name: 'orders', inputSchema: { json: schema } } }],
          toolChoice: { any: {} },
        },
        additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 9 } },
        outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{}' } } } },
      },
      'messages',
      said(
        ['user', 'assistant'],
        parts(
          { text: 'hello' },
          { toolUse: { toolUseId: 'x', name: 'orders', input: {} } },
          { toolResult: { toolUseId: 'x', content: [{ json: {} }] } },
        ),
      ),
    ),
  ],
]

/** Alive, and a failure in the words of the API: never a 5xx, never silence. */
async function expectAnswer(api: Api, path: string, body: string): Promise<number> {
  const answer = await fetch(provider.url + path, { method: 'POST', headers: versionOf(path), body })
  const said = await answer.text()
  if (answer.status === 200) return 200
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  shapes[api](JSON.parse(said))
  return answer.status
}

test.each(apis)(
  '%s: whatever comes is answered, or refused in its own words',
  async (_, api, paths, bodies) => {
    const seen = new Set<boolean>()
    const request = fc.tuple(fc.constantFrom(...paths), bodies)
    await fc.assert(
      fc.asyncProperty(request, async ([path, body]) => {
        seen.add((await expectAnswer(api, path, JSON.stringify(body))) === 200)
      }),
      { seed: 6, numRuns: 200 },
    )
    expect([...seen].sort()).toEqual([false, true])
  },
)

test.each([{ toString: null, valueOf: null }, 7])('an item of type %j is refused', async (type) => {
  const body = JSON.stringify({ items: [{ type }] })
  expect(await expectAnswer('openai', '/v1/conversations', body)).toBe(400)
})

test.each(apis)('%s: bytes that are no JSON are a 400', async (_, api, paths) => {
  const bytes = fc.string({ unit: 'binary' }).filter((text) => !isJson(text))
  await fc.assert(
    fc.asyncProperty(bytes, async (body) => {
      expect(await expectAnswer(api, paths[0]!, body)).toBe(400)
    }),
    { seed: 7, numRuns: 30 },
  )
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return text === ''
  }
}

test('paths, methods and names that are none of ours are refused in JSON', async () => {
  const path = fc.oneof(
    fc.webPath(),
    fc
      .tuple(
        names(
          '/v1/models/',
          '/v1/conversations/',
          '/tools/',
          '/_plimsoll/',
          '/model/',
          '/v1beta/models/',
          '/openai/deployments/',
          '/mcp/',
        ),
        fc.string(),
      )
      .map(
        ([before, name]) =>
          before + encodeURIComponent(name) + (name.length % 2 ? ':generateContent' : '/converse'),
      ),
    fc.string({ unit: fc.constantFrom('%', '/', ':', '.', 'a', '?', '=') }).map((odd) => `/v1/models/${odd}`),
  )
  await fc.assert(
    fc.asyncProperty(path, names('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'), async (at, method) => {
      const answer = await fetch(
        new URL(`http://x${at.startsWith('/') ? at : `/${at}`}`).href.replace('http://x', provider.url),
        { method },
      )
      const said = await answer.text()
      expect(answer.status).toBeLessThan(500)
      if (answer.status !== 200 && answer.status !== 202) JSON.parse(said)
    }),
    { seed: 8, numRuns: 200 },
  )
})
