// Vercel `ai` and its providers on the simulated provider.
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createAzure } from '@ai-sdk/azure'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { generateObject, generateText, Output, stepCountIs, streamText, tool, ToolLoopAgent } from 'ai'
import { z } from 'zod'
import { answers, loops, order, shape, url } from './checks.mjs'

globalThis.AI_SDK_LOG_WARNINGS = false
const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: 'none' })
const anthropic = createAnthropic({ baseURL: `${url}/v1`, apiKey: 'none' })
const google = createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: 'none' })
const azure = createAzure({ baseURL: `${url}/openai`, apiKey: 'none' })
const bedrock = createAmazonBedrock({
  baseURL: url,
  region: 'eu-central-1',
  accessKeyId: 'none',
  secretAccessKey: 'none',
})
const tools = {
  orders: tool({ description: 'looks an order up', inputSchema: order, execute: async () => 'shipped' }),
}
const stopWhen = stepCountIs(20)
const common = { tools, stopWhen, maxRetries: 0 }
const steps = async (model, prompt) => (await generateText({ ...common, model, prompt })).steps.length
const streamedSteps = async (model, prompt) => {
  const result = streamText({ ...common, model, prompt })
  await result.consumeStream()
  return (await result.steps).length
}

const researcher = new ToolLoopAgent({
  ...common,
  model: openai.chat('any'),
  instructions: 'You look things up.',
})
const root = new ToolLoopAgent({
  ...common,
  model: openai.chat('any'),
  instructions: 'You answer.',
  tools: {
    ...tools,
    research: tool({
      description: 'asks the researcher',
      inputSchema: z.object({ topic: z.string() }),
      execute: async ({ topic }) => (await researcher.generate({ prompt: topic })).text,
    }),
  },
})
const shaped = new ToolLoopAgent({
  ...common,
  model: openai('any'),
  output: Output.object({ schema: shape }),
})

await loops({
  'ai generateText, Responses': (prompt) => steps(openai('any'), prompt),
  'ai generateText, Chat Completions': (prompt) => steps(openai.chat('any'), prompt),
  'ai streamText, Responses': (prompt) => streamedSteps(openai('any'), prompt),
  'ai generateText, Anthropic': (prompt) => steps(anthropic('any'), prompt),
  'ai generateText, Gemini': (prompt) => steps(google('any'), prompt),
  'ai generateText, Azure': (prompt) => steps(azure('any'), prompt),
  'ai generateText, Bedrock Converse': (prompt) => steps(bedrock('any'), prompt),
  'ai streamText, Bedrock Converse': (prompt) => streamedSteps(bedrock('any'), prompt),
  'ai agent with an output of a shape': async (prompt) => {
    const { steps, output } = await shaped.generate({ prompt })
    shape.parse(output)
    return steps.length
  },
  'ai agent that asks another by a tool': async (prompt) => (await root.generate({ prompt })).steps.length,
})
await answers({
  'ai generateObject, Responses': (prompt) =>
    generateObject({ model: openai('any'), schema: shape, prompt, maxRetries: 0 }),
  'ai generateObject, Anthropic': (prompt) =>
    generateObject({ model: anthropic('any'), schema: shape, prompt, maxRetries: 0 }),
  'ai generateObject, Gemini': (prompt) =>
    generateObject({ model: google('any'), schema: shape, prompt, maxRetries: 0 }),
})
