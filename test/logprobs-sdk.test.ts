import OpenAI, { AzureOpenAI } from 'openai'
import { expect, test } from 'vitest'
import { startWorld } from './sdk-world.ts'

const messages = [{ role: 'user' as const, content: 'Where is my order 1001?' }]
const asked = { messages, logprobs: true, top_logprobs: 3 }

interface Told {
  readonly token: string
  readonly logprob: number
  readonly bytes?: readonly number[] | null
  readonly top_logprobs: readonly { readonly token: string; readonly logprob: number }[]
}

/** They are the text, the likeliest first, and no more than all that can be. */
function expectTold(told: readonly Told[], text: string): void {
  expect(told.map(({ token }) => token).join('')).toBe(text)
  for (const { token, logprob, bytes, top_logprobs: top } of told) {
    expect(Buffer.from(bytes!).toString()).toBe(token)
    expect(top[0]).toMatchObject({ token, logprob })
    expect(top.map((each) => each.logprob)).toEqual(top.map((each) => each.logprob).toSorted((a, b) => b - a))
    expect(new Set(top.map((each) => each.token)).size).toBe(3)
    expect(top.reduce((sum, each) => sum + Math.exp(each.logprob), 0)).toBeLessThanOrEqual(1)
  }
}

// The first has an encoding, the second is estimated.
test.each(['gpt-4.1-mini', 'any'])(
  'Chat Completions of %s tell their tokens, whole and streamed',
  async (model) => {
    const { url } = await startWorld({ model })
    const { chat } = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 })
    const { choices, usage } = await chat.completions.create({ ...asked, model })
    const { logprobs, message } = choices[0]!
    expect(logprobs!.content).toHaveLength(usage!.completion_tokens)
    expectTold(logprobs!.content!, message.content!)
    let chunks = 0
    const streamed: Told[] = []
    let text = ''
    for await (const chunk of await chat.completions.create({ ...asked, model, stream: true })) {
      const choice = chunk.choices[0]!
      text += choice.delta.content ?? ''
      const told = choice.logprobs?.content ?? []
      if (told.length > 0) chunks++
      streamed.push(...told)
    }
    expect(chunks).toBeGreaterThan(3)
    expectTold(streamed, text)
  },
)

test('Azure tells tokens, too, and nobody who did not ask is told any', async () => {
  const { url } = await startWorld({ model: 'gpt-4o' })
  const azure = new AzureOpenAI({
    endpoint: url,
    apiKey: 'none',
    apiVersion: '2024-10-21',
    deployment: 'gpt-4o',
  })
  const { choices } = await azure.chat.completions.create({ ...asked, model: 'gpt-4o' })
  expectTold(choices[0]!.logprobs!.content!, choices[0]!.message.content!)
  const silent = await azure.chat.completions.create({ messages, model: 'gpt-4o' })
  expect(silent.choices[0]!.logprobs).toBeNull()
})

test('JSON is told in its tokens, with characters of several tokens whole', async () => {
  const { url } = await startWorld({ model: 'gpt-4.1' })
  const { chat } = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 })
  const schema = {
    type: 'object',
    properties: { mood: { type: 'string', enum: ['🦄𓂀'] } },
    required: ['mood'],
    additionalProperties: false,
  }
  const response_format = {
    type: 'json_schema' as const,
    json_schema: { name: 'mood', strict: true, schema },
  }
  const { choices } = await chat.completions.create({ ...asked, model: 'gpt-4.1', response_format })
  expectTold(choices[0]!.logprobs!.content!, choices[0]!.message.content!)
})

test('Responses tell their tokens where they are included', async () => {
  const model = 'gpt-4.1-mini'
  const { url } = await startWorld({ model })
  const { responses } = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 })
  const include = ['message.output_text.logprobs' as const]
  const input = 'Where is my order 1001?'
  const streamed: { readonly token: string }[] = []
  const stream = responses.stream({ model, input, include, top_logprobs: 3 })
  stream.on('response.output_text.delta', ({ logprobs }) => streamed.push(...logprobs))
  const { output, output_text } = await stream.finalResponse()
  const [message] = output
  const [part] = message?.type === 'message' ? message.content : []
  const told = part?.type === 'output_text' ? part.logprobs! : []
  expectTold(told, output_text)
  expect(streamed.map(({ token }) => token)).toEqual(told.map(({ token }) => token))
})
