// LangGraph on the simulated provider.
import { tool } from '@langchain/core/tools'
import { Annotation, END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { createReactAgent } from '@langchain/langgraph/prebuilt'
import { ChatOpenAI } from '@langchain/openai'
import { z } from 'zod'
import { answers, loops, order, shape, url } from './checks.mjs'

process.env.LANGSMITH_TRACING = 'false'
const model = new ChatOpenAI({
  model: 'any',
  apiKey: 'none',
  configuration: { baseURL: `${url}/v1` },
  maxRetries: 0,
})
const orders = tool(async () => 'shipped', {
  name: 'orders',
  description: 'looks an order up',
  schema: order,
})
const count = ({ messages }) => messages.filter((message) => message.getType() === 'ai').length
const asked = (text) => ({ messages: [{ role: 'user', content: text }] })

const agent = createReactAgent({ llm: model, tools: [orders] })
const researcher = createReactAgent({ llm: model, tools: [orders] })
const research = tool(async ({ topic }) => (await researcher.invoke(asked(topic))).messages.at(-1).content, {
  name: 'research',
  description: 'asks the researcher',
  schema: z.object({ topic: z.string() }),
})
const root = createReactAgent({ llm: model, tools: [orders, research] })

const routes = ['orders', 'billing']
const route = z.object({ to: z.enum(['orders', 'billing']), why: z.string() })
/** A graph whose first node decides where a question goes, in a form that is checked. */
function routedBy(method) {
  const router = model.withStructuredOutput(route, { name: 'Route', method })
  const state = Annotation.Root({ ...MessagesAnnotation.spec, to: Annotation })
  return new StateGraph(state)
    .addNode('router', async ({ messages }) => ({ to: route.parse(await router.invoke(messages)).to }))
    .addNode('orders', async ({ messages }) => agent.invoke({ messages }))
    .addNode('billing', async ({ messages }) => agent.invoke({ messages }))
    .addEdge(START, 'router')
    .addConditionalEdges('router', ({ to }) => to, routes)
    .addEdge('orders', END)
    .addEdge('billing', END)
    .compile()
}
const byTool = routedBy('functionCalling')
const bySchema = routedBy('jsonSchema')
const shaped = model.withStructuredOutput(shape, { name: 'Shape' })

await loops({
  'LangGraph agent': async (text) => count(await agent.invoke(asked(text))),
  'LangGraph with a router that answers by a tool': async (text) => count(await byTool.invoke(asked(text))),
  'LangGraph with a router that answers by a schema': async (text) =>
    count(await bySchema.invoke(asked(text))),
  'LangGraph agent that asks another by a tool': async (text) => count(await root.invoke(asked(text))),
})
await answers({ 'LangChain structured output': async (text) => shape.parse(await shaped.invoke(text)) })
