// Mastra on the simulated provider.
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { Agent } from '@mastra/core/agent'
import { createTool } from '@mastra/core/tools'
import { loops, order, shape, url } from './checks.mjs'

const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: 'none' })
const anthropic = createAnthropic({ baseURL: `${url}/v1`, apiKey: 'none' })
const orders = createTool({
  id: 'orders',
  description: 'looks an order up',
  inputSchema: order,
  execute: async () => 'shipped',
})
const agent = (name, model, options = {}) =>
  new Agent({ id: name, name, instructions: `You are ${name}.`, model, tools: { orders }, ...options })
const steps = async (of, text) => (await of.generate(text, { maxSteps: 20 })).steps.length

const chat = agent('helper', openai.chat('any'))
const responses = agent('helper', openai('any'))
const claude = agent('helper', anthropic('any'))
const researcher = agent('research', openai.chat('any'), { description: 'looks into things' })
const root = agent('root', openai.chat('any'), { agents: { research: researcher } })

await loops({
  'Mastra agent, Chat Completions': (text) => steps(chat, text),
  'Mastra agent, Responses': (text) => steps(responses, text),
  'Mastra agent, Anthropic': (text) => steps(claude, text),
  'Mastra agent streamed': async (text) => {
    const stream = await chat.stream(text, { maxSteps: 20 })
    await stream.consumeStream()
    return (await stream.steps).length
  },
  'Mastra agent with an output of a shape': async (text) => {
    const { steps, object } = await chat.generate(text, { maxSteps: 20, structuredOutput: { schema: shape } })
    shape.parse(object)
    return steps.length
  },
  'Mastra agent with a sub-agent': (text) => steps(root, text),
})
