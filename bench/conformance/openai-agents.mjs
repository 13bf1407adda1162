// @openai/agents on the simulated provider.
import { Agent, run, setTracingDisabled, tool } from '@openai/agents'
import { loops, order, shape } from './checks.mjs'

setTracingDisabled(true)
const orders = tool({
  name: 'orders',
  description: 'looks an order up',
  parameters: order,
  execute: async () => 'shipped',
})
const agent = (name, options = {}) =>
  new Agent({ name, model: 'any', instructions: `You are ${name}.`, tools: [orders], ...options })
const calls = async (root, text) => {
  const { rawResponses, finalOutput } = await run(root, text, { maxTurns: 20 })
  if (root.outputType !== 'text') shape.parse(finalOutput)
  return rawResponses.length
}

const helper = agent('helper')
const front = Agent.create({
  name: 'front',
  model: 'any',
  instructions: 'You are front.',
  tools: [orders],
  handoffs: [agent('billing')],
})
const shaped = agent('shaped', { outputType: shape })
const research = agent('researcher').asTool({ toolName: 'research', toolDescription: 'asks the researcher' })
const root = agent('root', { tools: [orders, research] })

await loops({
  '@openai/agents': (text) => calls(helper, text),
  '@openai/agents with a hand-off': (text) => calls(front, text),
  '@openai/agents with an output type': (text) => calls(shaped, text),
  '@openai/agents with an agent used as a tool': (text) => calls(root, text),
})
