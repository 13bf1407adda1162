import OpenAI, { AzureOpenAI, RateLimitError } from 'openai'
import { expect, test } from 'vitest'
import { orderSchema, recordsOf, startWorld, validOrder, type World } from './sdk-world.ts'

const deployment = 'our-gpt'
const messages = [{ role: 'user' as const, content: 'Where is my order 1001?' }]
const apiVersion = '2024-10-21'

/** The official client on the simulated provider; the workload's model has the deployment's name. */
async function world({ maxRetries = 0, ...rest }: World & { readonly maxRetries?: number } = {}) {
  const provider = await startWorld({ model: deployment, ...rest })
  const azure = new AzureOpenAI({
    endpoint: provider.url,
    apiKey: 'none',
    apiVersion,
    deployment,
    maxRetries,
  })
  return { provider, azure }
}

test('a whole answer says what the content filters found', async () => {
  const { azure } = await world()
  const { data, response } = await azure.chat.completions.create({ model: '', messages }).withResponse()
  expect(data).toMatchObject({
    model: deployment,
    choices: [{ finish_reason: 'stop', content_filter_results: { hate: { filtered: false } } }],
    prompt_filter_results: [{ prompt_index: 0 }],
    usage: { completion_tokens: 30 },
  })
  expect(response.headers.get('apim-request-id')).toMatch(/^req_/)
})

test('models are told in Azure’s form, and in OpenAI’s where the path says its version', async () => {
  const { provider } = await world()
  // Of a client without a deployment, since what a deployment has are its calls alone.
  const azure = new AzureOpenAI({ endpoint: provider.url, apiKey: 'none', apiVersion })
  const told = {
    id: deployment,
    object: 'model',
    status: 'succeeded',
    capabilities: { chat_completion: true, inference: true },
    deprecation: { inference: expect.any(Number) as unknown },
  }
  expect((await azure.models.list()).data).toMatchObject([told])
  expect(await azure.models.retrieve(deployment)).toMatchObject(told)
  await expect(azure.models.retrieve('other')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  const openai = new OpenAI({ baseURL: `${provider.url}/openai/v1`, apiKey: 'none' })
  expect((await openai.models.list()).data).toEqual([
    { id: deployment, object: 'model', created: 0, owned_by: 'plimsoll' },
  ])
})

test('a stream begins with a chunk without choices', async () => {
  const { azure } = await world()
  const stream = await azure.chat.completions.create({ model: '', messages, stream: true })
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  expect(chunks[0]).toMatchObject({ choices: [], prompt_filter_results: [{ prompt_index: 0 }] })
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toHaveLength(120)
  expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('stop')
})

test("the SDK's tool runner loops as deep as the workload says", async () => {
  const { azure, provider } = await world({ depth: '3' })
  const seen: unknown[] = []
  const runner = azure.chat.completions.runTools({
    model: '',
    messages,
    tools: [
      {
        type: 'function',
        function: {
          name: 'orders',
          description: 'looks an order up',
          parameters: orderSchema,
          parse: JSON.parse,
          function: (input: object) => {
            seen.push(input)
            return 'shipped yesterday'
          },
        },
      },
    ],
  })
  expect((await runner.finalContent())!.length).toBeGreaterThan(30)
  for (const input of seen) expect(input).toEqual(validOrder)
  expect((await recordsOf(provider)).map(({ step }) => step)).toEqual([1, 2, 3])
})

test('embeddings, the newer paths and the Responses API are there too', async () => {
  const { azure, provider } = await world()
  const { data } = await azure.embeddings.create({ model: '', input: 'hello' })
  expect(data[0]!.embedding.length).toBeGreaterThan(1000)
  const v1 = new AzureOpenAI({ baseURL: `${provider.url}/openai/v1`, apiKey: 'none', apiVersion: 'preview' })
  const response = await v1.responses.create({ model: deployment, input: 'hello' })
  expect(response.output_text).toHaveLength(120)
  const listed = []
  for await (const { id } of v1.models.list()) listed.push(id)
  expect(listed).toEqual([deployment])
})

test('a used-up quota is a 429 that the client waits for, and the next try is one of the same call', async () => {
  const { azure } = await world({ quota: '{ rpm: 60 }' })
  await expect(azure.chat.completions.create({ model: '', messages })).rejects.toBeInstanceOf(RateLimitError)
  const patient = await world({ quota: '{ rpm: 60 }', maxRetries: 8, speed: 20 })
  await patient.azure.chat.completions.create({ model: '', messages })
  const records = await recordsOf(patient.provider)
  expect(records.map(({ status }) => status)).toEqual([...Array(records.length - 1).fill(429), 200])
  expect(records.map(({ attempt }) => attempt)).toEqual(records.map((_, i) => i))
})

test('what the path or the body gets wrong is answered in the words of OpenAI', async () => {
  const { provider } = await world()
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${provider.url}/openai/${path}`, { method: 'POST', body: JSON.stringify(body) })
  const unknown = await post(`deployments/${deployment}/images/generations?api-version=1`, {
    prompt: 'a cat',
  })
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: null } }])
  const bad = await post(`deployments/${deployment}/chat/completions?api-version=1`, {})
  expect([bad.status, await bad.json()]).toMatchObject([400, { error: { param: 'messages' } }])
})
