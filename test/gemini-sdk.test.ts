import {
  ApiError,
  type Content,
  FunctionCallingConfigMode,
  GoogleGenAI,
  type PartListUnion,
  ThinkingLevel,
  Type,
} from '@google/genai'
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

const model = 'gemini-3.5-flash'
const contents = 'Where is my order 1001?'
const tools = [
  {
    functionDeclarations: ['orders', 'stock', 'delete_account'].map((name) => ({
      name,
      parametersJsonSchema: orderSchema,
    })),
  },
]

interface Client extends World {
  /** Tries in all, the first one among them; without it the client does not try again. */
  readonly attempts?: number
}

/** The official client on the simulated provider. */
async function world({ attempts, ...rest }: Client = {}) {
  const provider = await startWorld({ model, ...rest })
  const retryOptions = { attempts: attempts ?? 1, initialDelay: 0.02, maxDelay: 0.1, jitter: 0 }
  const httpOptions = { baseUrl: provider.url, ...(attempts === undefined ? {} : { retryOptions }) }
  const { models, chats } = new GoogleGenAI({ apiKey: 'none', httpOptions })
  return { provider, models, chats }
}

test('a whole answer, with usage', async () => {
  const { models } = await world()
  const answer = await models.generateContent({ model, contents, config: { systemInstruction: 'Be kind.' } })
  expect(answer.text).toHaveLength(120)
  expect(answer).toMatchObject({ modelVersion: model, responseId: expect.any(String) as unknown })
  expect(answer.candidates).toMatchObject([{ finishReason: 'STOP', index: 0, content: { role: 'model' } }])
  expect(answer.usageMetadata).toMatchObject({
    promptTokenCount: 8,
    cachedContentTokenCount: 4,
    candidatesTokenCount: 30,
    totalTokenCount: 38,
  })
})

test('a stream comes in pieces that are the answer told whole, and its end says why', async () => {
  const { models } = await world()
  const whole = await models.generateContent({ model, contents })
  const chunks = []
  for await (const chunk of await models.generateContentStream({ model, contents })) chunks.push(chunk)
  expect(chunks.length).toBeGreaterThan(5)
  expect(chunks.map(({ text }) => text ?? '').join('')).toHaveLength(whole.text!.length)
  expect(chunks.at(-1)!.candidates![0]!.finishReason).toBe('STOP')
  expect(chunks.at(-1)!.usageMetadata).toMatchObject({ candidatesTokenCount: 30 })
  expect(chunks.slice(0, -1).some(({ candidates }) => candidates?.[0]?.finishReason)).toBe(false)
})

test('without alt=sse a stream is one JSON array', async () => {
  const { provider } = await world()
  const answer = await fetch(`${provider.url}/v1beta/models/${model}:streamGenerateContent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'none' },
    body: JSON.stringify({ contents: [{ parts: [{ text: contents }] }] }),
  })
  expect(answer.headers.get('content-type')).toContain('application/json')
  const pieces = (await answer.json()) as unknown[]
  expect(pieces.length).toBeGreaterThan(5)
  expect(pieces.at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }] })
})

test('the tool loop is as deep as the workload says, streaming and not', async () => {
  const { models, provider } = await world({ depth: mixedDepth })
  const called = new Set<string>()
  await expectIntendedDepths(async (headers, turn) => {
    const said: Content[] = [{ role: 'user', parts: [{ text: contents }] }]
    for (let calls = 1; ; calls++) {
      const asked = { model, contents: said, config: { tools, httpOptions: { headers } } }
      const parts =
        turn % 2
          ? await streamedParts(models, asked)
          : (await models.generateContent(asked)).candidates![0]!.content!.parts!
      const uses = parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : []))
      if (uses.length === 0) return calls
      for (const { name, args } of uses) {
        called.add(name!)
        expect(args).toMatchObject(name === 'orders' ? validOrder : {})
      }
      said.push({ role: 'model', parts })
      const results = uses.map(({ id, name }) => ({
        functionResponse: { id: id!, name: name!, response: { output: 'ok' } },
      }))
      said.push({ role: 'user', parts: results })
    }
  })
  expect([...called].sort()).toEqual(['orders', 'stock'])
  const records = await recordsOf(provider)
  expect(new Set(records.map(({ joinedBy }) => joinedBy))).toEqual(new Set(['trace', 'id']))
})

type Models = GoogleGenAI['models']

async function streamedParts(models: Models, asked: Parameters<Models['generateContentStream']>[0]) {
  const parts = []
  for await (const { candidates } of await models.generateContentStream(asked))
    parts.push(...(candidates?.[0]?.content?.parts ?? []))
  return parts.filter(({ functionCall, text }) => functionCall !== undefined || text)
}

test('a client that sends no ids back goes on by the signatures of the calls', async () => {
  const { models, provider } = await world({ depth: '2' })
  const asked: Content = { role: 'user', parts: [{ text: contents }] }
  const first = await models.generateContent({ model, contents: [asked], config: { tools } })
  const content = first.candidates![0]!.content!
  const parts = content.parts!.map(({ functionCall, thoughtSignature }) => ({
    functionCall: { name: functionCall!.name!, args: functionCall!.args! },
    thoughtSignature: thoughtSignature!,
  }))
  const results = parts.map(({ functionCall: { name } }) => ({
    functionResponse: { name, response: { output: 'ok' } },
  }))
  const second = await models.generateContent({
    model,
    contents: [asked, { role: 'model', parts }, { role: 'user', parts: results }],
    config: { tools },
  })
  expect(second.functionCalls).toBeUndefined()
  expect((await recordsOf(provider)).map(({ step, depth }) => [step, depth])).toEqual([
    [1, 2],
    [2, 2],
  ])
})

test('a streamed chat, whose history has a content a chunk, goes on from its parallel calls', async () => {
  const { chats, provider } = await world({ depth: '3' })
  const declared = [{ functionDeclarations: [tools[0]!.functionDeclarations[0]!] }]
  const chat = chats.create({
    model,
    config: { tools: declared, thinkingConfig: { includeThoughts: true } },
  })
  for (let message: PartListUnion = contents; ;) {
    const calls = []
    for await (const { functionCalls } of await chat.sendMessageStream({ message }))
      calls.push(...(functionCalls ?? []))
    if (calls.length === 0) break
    expect(calls).toHaveLength(2)
    message = calls.map(({ id, name }) => ({
      functionResponse: { id: id!, name: name!, response: { output: 'ok' } },
    }))
  }
  expect((await recordsOf(provider)).map(({ step }) => step)).toEqual([1, 2, 3])
})

test("the SDK's own function calling loops until the model answers", async () => {
  const { models, provider } = await world({ depth: '3' })
  const ran: string[] = []
  const answer = await models.generateContent({
    model,
    contents,
    config: {
      tools: [
        {
          tool: () => Promise.resolve(tools[0]!),
          callTool: (calls) => {
            ran.push(...calls.map(({ name }) => name!))
            return Promise.resolve(
              calls.map(({ id, name }) => ({
                functionResponse: { id: id!, name: name!, response: { output: 'ok' } },
              })),
            )
          },
        },
      ],
    },
  })
  expect(answer.text!.length).toBeGreaterThan(30)
  expect(ran.length).toBeGreaterThanOrEqual(2)
  expect((await recordsOf(provider)).map(({ step }) => step)).toEqual([1, 2, 3])
})

test('the mode of function calling and the most tokens are obeyed', async () => {
  const { models } = await world({ depth: '2' })
  const ask = (mode: FunctionCallingConfigMode, ...allowedFunctionNames: string[]) =>
    models.generateContent({
      model,
      contents,
      config: { tools, toolConfig: { functionCallingConfig: { mode, allowedFunctionNames } } },
    })
  const named = await ask(FunctionCallingConfigMode.ANY, 'stock')
  expect(new Set(named.functionCalls!.map(({ name }) => name))).toEqual(new Set(['stock']))
  expect((await ask(FunctionCallingConfigMode.NONE)).functionCalls).toBeUndefined()
  await expect(ask(FunctionCallingConfigMode.ANY, 'delete_account')).rejects.toMatchObject({ status: 400 })
  const cut = await models.generateContent({ model, contents, config: { maxOutputTokens: 5 } })
  expect(cut.candidates![0]!.finishReason).toBe('MAX_TOKENS')
  expect(cut.usageMetadata!.candidatesTokenCount).toBe(5)
})

test("an answer keeps to a schema, in Gemini's own words for one", async () => {
  const { models } = await world()
  const { text } = await models.generateContent({
    model,
    contents,
    config: {
      responseMimeType: 'application/json',
      responseSchema: {
        type: Type.OBJECT,
        properties: {
          order: { type: Type.INTEGER },
          details: { type: Type.ARRAY, minItems: '2', items: { type: Type.STRING, enum: ['short', 'long'] } },
        },
        required: ['order', 'details'],
      },
    },
  })
  const { order, details } = JSON.parse(text!) as { order: unknown; details: unknown[] }
  expect([Number.isInteger(order), details.length]).toEqual([true, 2])
  for (const detail of details) expect(detail).toBeOneOf(['short', 'long'])
})

test('thoughts are told where they are asked for, and stand in the usage', async () => {
  const { models } = await world()
  const config = { thinkingConfig: { includeThoughts: true } }
  const { candidates, usageMetadata } = await models.generateContent({ model, contents, config })
  const [thought, text] = candidates![0]!.content!.parts!
  expect([thought!.thought, thought!.text!.length, text!.thought]).toEqual([true, 28, undefined])
  expect(usageMetadata).toMatchObject({
    thoughtsTokenCount: 7,
    candidatesTokenCount: 23,
    totalTokenCount: 36,
  })
})

test.each([
  [{ includeThoughts: true, thinkingBudget: 3 }, 3, true],
  [{ thinkingBudget: -1 }, 7, false],
  [{ thinkingLevel: ThinkingLevel.LOW }, 7, false],
  [{ includeThoughts: true, thinkingBudget: 0 }, undefined, false],
])(
  'thinking is as much as is allowed and told where it is asked for: %j',
  async (thinkingConfig, tokens, told) => {
    const { models } = await world()
    const { candidates, usageMetadata } = await models.generateContent({
      model,
      contents,
      config: { thinkingConfig },
    })
    expect(usageMetadata!.thoughtsTokenCount).toBe(tokens)
    expect(usageMetadata!.candidatesTokenCount).toBe(30 - (tokens ?? 0))
    expect(candidates![0]!.content!.parts!.some(({ thought }) => thought)).toBe(told)
  },
)

test('tokens are counted as they are charged, and models are listed', async () => {
  const { models } = await world()
  const { totalTokens } = await models.countTokens({ model, contents })
  const { usageMetadata } = await models.generateContent({ model, contents })
  expect(totalTokens).toBe(usageMetadata!.promptTokenCount)
  const listed = []
  for await (const each of await models.list()) listed.push(each.name)
  expect(listed).toEqual([`models/${model}`])
  await expect(models.get({ model })).resolves.toMatchObject({ name: `models/${model}` })
  await expect(models.get({ model: 'none-such' })).rejects.toMatchObject({ status: 404 })
})

test('texts that share words have embeddings near each other, of the length that is asked', async () => {
  const { models } = await world()
  const asked = { model, config: { outputDimensionality: 64 } }
  const { embeddings } = await models.embedContent({
    ...asked,
    contents: ['where is my order', 'my order, where is it', 'opening hours'],
  })
  const [one, two, other] = embeddings!.map(({ values }) => values!)
  expect([one!.length, embeddings!.length]).toEqual([64, 3])
  const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  expect(dot(one!, two!)).toBeGreaterThan(dot(one!, other!) + 0.3)
  const single = await models.embedContent({ model, contents: 'where is my order' })
  expect(single.embeddings![0]!.values).toHaveLength(3072)
  await expect(models.embedContent({ ...asked, contents: [''] })).rejects.toMatchObject({ status: 400 })
})

test('a used-up quota is RESOURCE_EXHAUSTED with when to come back', async () => {
  const { provider, models } = await world({ quota: '{ rpm: 60 }' })
  const refused = await models.generateContent({ model, contents }).then(
    () => undefined,
    (error: unknown) => error as ApiError,
  )
  expect(refused).toBeInstanceOf(ApiError)
  expect(refused!.status).toBe(429)
  const { error } = JSON.parse(refused!.message) as { error: { details: readonly object[] } }
  expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' })
  expect(error.details).toEqual([
    {
      '@type': 'type.googleapis.com/google.rpc.RetryInfo',
      retryDelay: expect.stringMatching(/^0?\.?\d+(\.\d+)?s$/) as unknown,
    },
  ])
  const raw = await fetch(`${provider.url}/v1beta/models/${model}:generateContent`, {
    method: 'POST',
    body: JSON.stringify({ contents: [{ parts: [{ text: 'hello' }] }] }),
  })
  expect([raw.status, raw.headers.get('retry-after')]).toEqual([429, null])
})

test('the SDK’s retries go on until the quota is there again', async () => {
  // One request a second, at speed 20: a twentieth of a second each.
  const { models, provider } = await world({ quota: '{ rpm: 60 }', attempts: 20, speed: 20 })
  const answers = await Promise.all(
    Array.from({ length: 4 }, () =>
      models.generateContent({ model, contents, config: { maxOutputTokens: 1 } }),
    ),
  )
  expect(answers).toHaveLength(4)
  const records = await recordsOf(provider)
  expect(records.filter(({ outcome }) => outcome === 'completed')).toHaveLength(4)
  expect(records.some(({ status }) => status === 429)).toBe(true)
})

test.each([
  ['no contents', {}],
  ['contents that are no list', { contents: 'hello' }],
  ['a role that is none', { contents: [{ role: 'king', parts: [] }] }],
  ['two candidates', { contents: [{ parts: [{ text: 'a' }] }], generationConfig: { candidateCount: 2 } }],
])('%s: a 400 in the words of Google', async (_, body) => {
  const { provider } = await world()
  const answer = await fetch(`${provider.url}/v1beta/models/${model}:generateContent`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } })
})

test('one of the values of an enum is answered as it is', async () => {
  const { provider, models } = await world()
  const values = ['percussion', 'string', 'woodwind']
  const config = { responseMimeType: 'text/x.enum', responseSchema: { type: Type.STRING, enum: values } }
  const { text } = await models.generateContent({ model, contents, config })
  expect(values).toContain(text)
  expect(await recordsOf(provider)).toMatchObject([
    { outcome: 'completed', outputTokens: expect.toBeOneOf([2, 3]) },
  ])
})

test('Vertex AI’s paths and snake case are understood', async () => {
  const { provider } = await world()
  const path = `/v1/projects/p/locations/europe-west4/publishers/google/models/${model}:generateContent`
  const answer = await fetch(provider.url + path, {
    method: 'POST',
    body: JSON.stringify({
      contents: [{ role: 'user', parts: [{ text: 'hello' }] }],
      generation_config: { max_output_tokens: 3 },
    }),
  })
  expect(await answer.json()).toMatchObject({ usageMetadata: { candidatesTokenCount: 3 } })
})
