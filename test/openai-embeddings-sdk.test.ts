import OpenAI, { type APIError, RateLimitError } from 'openai'
import { expect, test } from 'vitest'
import { recordsOf, startWorld, type World } from './sdk-world.ts'

const model = 'text-embedding-3-small'
const input = ['where is my order', 'Where is the order?', 'cancel my subscription']

/** The official client on the simulated provider. */
async function world({ maxRetries = 0, ...rest }: World & { readonly maxRetries?: number } = {}) {
  const provider = await startWorld({ model, ...rest })
  return { provider, openai: new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries }) }
}

test('both encodings are the same numbers, in the order of the input, with usage', async () => {
  const { openai, provider } = await world()
  const floats = await openai.embeddings.create({ model, input, encoding_format: 'float' })
  // Without a word on it the SDK asks for base64 and decodes it.
  const decoded = await openai.embeddings.create({ model, input })
  const raw = await openai.embeddings.create({ model, input, encoding_format: 'base64' })
  expect(typeof raw.data[0]!.embedding).toBe('string')
  expect(floats).toMatchObject({ object: 'list', model, usage: { prompt_tokens: 12, total_tokens: 12 } })
  expect(floats.data.map(({ index, object }) => [index, object])).toEqual(
    input.map((_, index) => [index, 'embedding']),
  )
  expect(decoded.data.map(({ embedding }) => embedding)).toEqual(
    floats.data.map(({ embedding }) => embedding),
  )
  expect(await recordsOf(provider)).toEqual([])
})

test('as many dimensions as asked for, or as the model has', async () => {
  const { openai } = await world()
  const length = async (more: Partial<OpenAI.EmbeddingCreateParams>): Promise<number> =>
    (await openai.embeddings.create({ model, input: 'hello', ...more })).data[0]!.embedding.length
  expect(await length({})).toBe(1536)
  expect(await length({ model: 'text-embedding-3-large' })).toBe(3072)
  expect(await length({ dimensions: 256 })).toBe(256)
})

test('token numbers are input too', async () => {
  const { openai } = await world()
  const { data, usage } = await openai.embeddings.create({ model, input: [[1, 2, 3], [4]] })
  expect([data.length, usage.prompt_tokens]).toEqual([2, 4])
  const single = await openai.embeddings.create({ model, input: [1, 2, 3] })
  expect(single.data.map(({ embedding }) => embedding)).toEqual([data[0]!.embedding])
})

test('the quota of the model holds, and the SDK’s retries wait as told', async () => {
  // One request in ten seconds, at speed 20: half a second each, in which no machine is too slow to ask twice.
  const { openai } = await world({ quota: '{ rpm: 6 }', speed: 20 })
  const ask = (maxRetries: number) => openai.embeddings.create({ model, input }, { maxRetries })
  const hasty = await Promise.allSettled(Array.from({ length: 8 }, () => ask(0)))
  const refused = hasty.flatMap((each) => (each.status === 'rejected' ? [each.reason as RateLimitError] : []))
  expect(refused[0]).toBeInstanceOf(RateLimitError)
  expect(refused[0]).toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
  expect(refused[0]!.headers.get('x-ratelimit-limit-requests')).toBe('6')
  await expect(ask(8)).resolves.toMatchObject({ object: 'list' })
  const other = await openai.embeddings.create({ model: 'unlimited', input })
  expect(other.data).toHaveLength(3)
})

test('what is longer than OpenAI embeds is refused as it does', async () => {
  const { openai } = await world()
  const refusal = (more: object): Promise<unknown> =>
    openai.embeddings.create({ model, input: 'a', ...more }).then(
      () => 'embedded',
      ({ status, message, code }: APIError) => `${status} ${code} ${message}`,
    )
  const most = Array<number>(8192).fill(1)
  const over = [...most, 1]
  expect(await refusal({ input: 'word '.repeat(8193) })).toMatch(
    /^400 null 400 Invalid 'input': maximum context length is 8192 tokens\.$/,
  )
  expect(await refusal({ input: over })).toContain("'input': maximum context length is 8192 tokens.")
  expect(await refusal({ input: [most, over] })).toContain("'input[1]': maximum input length is 8192 tokens.")
  expect(await refusal({ input: Array(37).fill(most) })).toContain('maximum request size is 300000 tokens')
  expect(await refusal({ input: Array(36).fill(most) })).toBe('embedded')
  expect(await refusal({ model: 'our-own', input: over })).toBe('embedded')
  expect(await refusal({ input: Array(2049).fill('a') })).toContain('400 array_above_max_length')
  expect(await refusal({ input: ['a', ''] })).toContain(
    "Invalid 'input[1]': input cannot be an empty string.",
  )
  const ada = { model: 'text-embedding-ada-002' }
  expect(await refusal({ ...ada, dimensions: 1536 })).toContain('does not support specifying dimensions.')
  expect(await refusal(ada)).toBe('embedded')
})

test.each([
  ['no input', { model }],
  ['an empty text', { model, input: '' }],
  ['no texts', { model, input: [] }],
  ['an empty text among others', { model, input: ['a', ''] }],
  ['texts and tokens mixed', { model, input: ['a', 1] }],
  ['too many texts', { model, input: Array(2049).fill('a') }],
  ['no dimensions', { model, input: 'a', dimensions: 0 }],
  ['an unknown encoding', { model, input: 'a', encoding_format: 'hex' }],
  ['no model', { input: 'a' }],
])('%s: a 400 in the words of the API', async (_, body) => {
  const { openai } = await world()
  await expect(openai.embeddings.create(body as OpenAI.EmbeddingCreateParams)).rejects.toMatchObject({
    status: 400,
    type: 'invalid_request_error',
  })
})
