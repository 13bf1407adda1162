// Usage tells what was cached by what was really said before, whoever plays it.
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
