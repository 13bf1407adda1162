// Usage tells what was cached by what was really said before, whoever plays it.
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const { workload, problems } = parseWorkload(`
model: { id: any, cached: 90%, promptCache: { from: 256, step: 64 }, output: 5, ttft: 0ms, perToken: 0ms }
`)

test('a prompt is cached as far as it begins like an earlier one', async () => {
  expect(problems).toEqual([])
  const provider = await startProvider(workload!, { seed: 1, runId: 'cache' })
  onTestFinished(() => provider.close())
  const openai = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 })
  const system = 'You are patient. '.repeat(100)
  const cached = async (instructions: string, question: string): Promise<number> => {
    const { usage } = await openai.chat.completions.create({
      model: 'any',
      messages: [
        { role: 'system', content: instructions },
        { role: 'user', content: question },
      ],
    })
    return usage!.prompt_tokens_details!.cached_tokens!
  }
  expect(await cached(system, 'Where is my order?')).toBe(0)
  // 1,700 characters, in steps of 64 tokens.
  expect(await cached(system, 'How do I return it?')).toBe(384)
  expect(await cached(`It is 12:01. ${system}`, 'How do I return it?')).toBe(0)
})

test('Claude keeps what stands before a mark, and tells what it has written and read of it', async () => {
  const provider = await startProvider(workload!, { seed: 1, runId: 'cache' })
  onTestFinished(() => provider.close())
  const anthropic = new Anthropic({ baseURL: provider.url, apiKey: 'none', maxRetries: 0 })
  const long = 'You are patient. '.repeat(100)
  const used = async (marked: 'nothing' | 'system' | 'all', question: string): Promise<number[]> => {
    const cache_control = { type: 'ephemeral' as const }
    const { usage } = await anthropic.messages.create({
      model: 'any',
      max_tokens: 50,
      ...(marked === 'all' ? { cache_control } : {}),
      system: [{ type: 'text', text: long, ...(marked === 'system' ? { cache_control } : {}) }],
      messages: [{ role: 'user', content: long + question }],
    })
    const { cache_creation, cache_creation_input_tokens, cache_read_input_tokens, input_tokens } = usage
    expect(cache_creation!.ephemeral_5m_input_tokens).toBe(cache_creation_input_tokens)
    // 3,400 characters and a few.
    const whole = input_tokens + cache_creation_input_tokens! + cache_read_input_tokens!
    expect(whole).toBeCloseTo(860, -2)
    return [cache_creation_input_tokens!, cache_read_input_tokens!]
  }
  const played: number[][] = []
  for (const marked of ['nothing', 'nothing', 'system', 'system', 'all', 'all', 'nothing'] as const)
    played.push(await used(marked, 'Where is my order?'))
  // Steps of 64 tokens: 425 of the system prompt, 850 and a few of all.
  expect(played).toEqual([
    [0, 0],
    [0, 0],
    [384, 0],
    [0, 384],
    [448, 384],
    [0, 832],
    [0, 0],
  ])
  const hour = { type: 'ephemeral' as const, ttl: '1h' as const }
  const { usage } = await anthropic.messages.create({
    model: 'any',
    max_tokens: 50,
    system: [{ type: 'text', text: `It is May. ${long}`, cache_control: hour }],
    messages: [{ role: 'user', content: 'Where is my order?' }],
  })
  expect(usage.cache_creation).toEqual({ ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 384 })
})

test('what Claude keeps for an hour is told apart from what it keeps for five minutes', async () => {
  const provider = await startProvider(workload!, { seed: 1, runId: 'cache' })
  onTestFinished(() => provider.close())
  const anthropic = new Anthropic({ baseURL: provider.url, apiKey: 'none', maxRetries: 0 })
  const text = 'You are patient. '.repeat(100)
  const type = 'ephemeral' as const
  const asked = {
    model: 'any',
    system: [{ type: 'text' as const, text, cache_control: { type, ttl: '1h' as const } }],
    messages: [
      { role: 'user' as const, content: [{ type: 'text' as const, text, cache_control: { type } }] },
    ],
  }
  // Nothing is said where the cache is only to be filled.
  const warmed = await anthropic.messages.create({ ...asked, max_tokens: 0 })
  expect(warmed).toMatchObject({ content: [], stop_reason: 'max_tokens', usage: { output_tokens: 0 } })
  expect(warmed.usage.cache_creation).toEqual({
    ephemeral_5m_input_tokens: 448,
    ephemeral_1h_input_tokens: 384,
  })
  const stream = anthropic.messages.stream({ ...asked, max_tokens: 50 })
  expect((await stream.finalMessage()).usage).toMatchObject({
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    cache_read_input_tokens: 832,
  })
})

test('so it does through Bedrock', async () => {
  const provider = await startProvider(workload!, { seed: 1, runId: 'cache' })
  onTestFinished(() => provider.close())
  const mark = { cachePoint: { type: 'default' } }
  const used = async (...marks: readonly object[]): Promise<unknown> => {
    const answer = await fetch(`${provider.url}/model/any/converse`, {
      method: 'POST',
      body: JSON.stringify({
        system: [{ text: 'You are patient. '.repeat(100) }, ...marks],
        messages: [{ role: 'user', content: [{ text: 'Where is my order?' }] }],
      }),
    })
    return ((await answer.json()) as { usage: unknown }).usage
  }
  expect(await used()).toMatchObject({ cacheWriteInputTokens: 0, cacheReadInputTokens: 0, inputTokens: 430 })
  expect(await used(mark)).toMatchObject({ cacheWriteInputTokens: 384, inputTokens: 46 })
  expect(await used(mark)).toMatchObject({
    cacheWriteInputTokens: 0,
    cacheReadInputTokens: 384,
    inputTokens: 46,
  })
})
