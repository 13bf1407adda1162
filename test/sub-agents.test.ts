// Agents within a turn: those that are tools of another, routers before it, planners beside it, hand-offs after it.
import { startAgent } from '../src/agent/start-agent.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import OpenAI from 'openai'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import type { CallRecord } from '../src/result/records.ts'
import { laneOf, type LoopDraws } from '../src/sessions/loop-draws.ts'
import { createSessions } from '../src/sessions/sessions.ts'
import { textMarker, traceparent } from '../src/sessions/turn-key.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const seed = 7
const { workload } = parseWorkload(`
scenarios: [{ name: orders, depth: 3, tools: [orders, research, transfer_to_billing] }]
models:
  main: { id: main, output: 20, ttft: 0ms, perToken: 0ms }
  small: { id: small, output: 5, ttft: 0ms, perToken: 0ms }
tools:
  orders: { latency: 0ms }
  transfer_to_billing: { latency: 0ms }
  research: { subagent: { depth: { 2: 50%, 4: 50% }, model: small, tools: [search], output: 7 } }
  search: { latency: 0ms }
`)
const sessions = createSessions(workload!, seed, { users: 1 })
const text = { type: 'object', properties: { topic: { type: 'string' } }, required: ['topic'] }
const declared = (...names: string[]) =>
  names.map((name) => ({ type: 'function' as const, function: { name, parameters: text } }))

let provider: Provider
let openai: OpenAI
beforeAll(async () => {
  provider = await startProvider(workload!, { seed, runId: 'sub-agents' })
  openai = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 })
})
afterAll(() => provider.close())

type Message = OpenAI.ChatCompletionMessageParam
type Call = OpenAI.ChatCompletionMessageFunctionToolCall
const said = (content: string): Message[] => [{ role: 'user', content }]
const question = (session: number): string => `Where is it? ${textMarker({ run: 1, session, turn: 0 })}`

async function ask(messages: Message[], more: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>) {
  const { choices, usage } = await openai.chat.completions.create({ model: 'main', messages, ...more })
  return { message: choices[0]!.message, tokens: usage!.completion_tokens }
}

/** Goes on until there is an answer; `answerOf` says what a tool call results in. Answers how many calls it took. */
async function loop(
  messages: Message[],
  names: string[],
  answerOf: (call: Call) => Promise<string>,
): Promise<number> {
  for (let calls = 1; ; calls++) {
    const { message } = await ask(messages, { tools: declared(...names) })
    if (!message.tool_calls) return calls
    messages.push(message)
    for (const call of message.tool_calls as Call[])
      messages.push({ role: 'tool', tool_call_id: call.id, content: await answerOf(call) })
  }
}

const done = () => Promise.resolve('done')

async function stepsOf(session: number): Promise<number[]> {
  const answer = await fetch(`${provider.url}/_plimsoll/records?from=0`)
  const { records } = (await answer.json()) as { records: CallRecord[] }
  const own = records.filter((record) => record.session === session)
  expect(own.every(({ joinedBy, turn }) => joinedBy !== 'none' && turn === 0)).toBe(true)
  return own.map(({ step }) => step)
}

test('an agent used as a tool draws a depth of its own, and the root loop goes on as without it', async () => {
  const inner: number[] = []
  const research = async (call: Call): Promise<string> => {
    const { topic } = JSON.parse(call.function.arguments) as { topic: string }
    const calls = await loop(
      [{ role: 'system', content: 'You look things up.' }, ...said(topic)],
      ['search', 'orders'],
      (own) => {
        expect(own.function.name).toBe('search')
        return done()
      },
    )
    inner.push(calls)
    return 'found'
  }
  for (const session of [1, 2, 3, 4]) {
    expect(await loop(said(question(session)), ['research'], research)).toBe(3)
    const drawn = [1, 2].map((step) => sessions.subagents[2]!.depth(session, laneOf(0, step, 0)))
    expect(inner.splice(0)).toEqual(drawn)
    const steps = [1, ...Array<number>(drawn[0]!).fill(0), 2, ...Array<number>(drawn[1]!).fill(0), 3]
    expect(await stepsOf(session)).toEqual(steps)
  }
})

test('a sub-agent says as much as the file says of it', async () => {
  const { message } = await ask(said(question(10)), { tools: declared('research') })
  const { topic } = JSON.parse((message.tool_calls![0] as Call).function.arguments) as { topic: string }
  expect(topic).toContain('(ref 00000001-10-0-1.0.2)')
  expect(await ask(said(topic), { model: 'unknown' })).toMatchObject({ tokens: 7 })
})

test('an agent behind a tool that the file does not call one answers at once', async () => {
  const { message } = await ask(said(question(20)), { tools: declared('orders') })
  const { topic } = JSON.parse((message.tool_calls![0] as Call).function.arguments) as { topic: string }
  expect(await loop(said(topic), ['orders', 'search'], done)).toBe(1)
  expect(await stepsOf(20)).toEqual([1, 0])
})

test.each<[string, number, Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>]>([
  ['by a tool', 30, { tools: declared('Route'), tool_choice: 'required' }],
  [
    'by a schema',
    31,
    { response_format: { type: 'json_schema', json_schema: { name: 'route', schema: text, strict: true } } },
  ],
])('a router that answers %s stands beside the root loop', async (_, session, form) => {
  const { message } = await ask(said(question(session)), form)
  const answer = message.tool_calls ? (message.tool_calls[0] as Call).function.arguments : message.content!
  expect(JSON.parse(answer)).toEqual({ topic: expect.any(String) })
  expect(await loop(said(question(session)), ['orders'], done)).toBe(3)
  expect(await stepsOf(session)).toEqual([0, 1, 2, 3])
})

test('a second agent that reads the same message answers at once; a turn that is tried again is as deep as before', async () => {
  expect(await loop(said(question(40)), ['orders', 'research'], done)).toBe(3)
  expect(await loop(said(question(40)), ['orders'], done)).toBe(1)
  expect(await loop(said(question(40)), ['orders', 'research'], done)).toBe(3)
  expect(await stepsOf(40)).toEqual([1, 2, 3, 0, 1, 2, 3])
})

test('after a hand-off the loop goes on where it was, also where its history is told as one text', async () => {
  const messages = said(question(50))
  const { message } = await ask(messages, { tools: declared('transfer_to_billing') })
  const { id } = message.tool_calls![0]!
  const history = `<HISTORY>1. user: ${question(50)} 2. {"call_id":"${id}"} 3. {"call_id":"${id}","output":"ok"}`
  expect(await loop([{ role: 'assistant', content: history }], ['orders'], done)).toBe(2)
  expect(await stepsOf(50)).toEqual([1, 2, 3])
  // What the user says next begins a turn of its own.
  const next = `${history} 4. user: And now? ${textMarker({ run: 1, session: 51, turn: 0 })}`
  expect(await loop([{ role: 'user', content: next }], ['orders'], done)).toBe(3)
})

const nested = parseWorkload(`
scenarios: [{ say: hello, depth: { 1: 20%, 3: 80% }, tools: [research, search], model: main }]
models:
  main: { id: main, output: 20, ttft: 0ms, perToken: 0ms, input: { system: 300 } }
  small: { id: small, output: 5, ttft: 0ms, perToken: 0ms, input: { system: 100, message: 30 } }
tools:
  research: { fanOut: 2, subagent: { depth: { 1: 50%, 3: 50% }, model: small, tools: [inner, search] } }
  inner: { subagent: { depth: 2, model: small, tools: [search] } }
  search: { latency: 0ms, fanOut: 2 }
`).workload!

/** Calls that a session's first turn draws: of the model of the root, of that of sub-agents, and of the tool. */
function drawnCalls(session: number): { main: number; small: number; search: number } {
  const drawn = createSessions(nested, seed, { users: 1 })
  const calls = { main: 0, small: 0, search: 0 }
  const walk = (draws: LoopDraws, lane: number, name: 'main' | 'small'): void => {
    for (let step = 1; step <= draws.depth(session, lane); step++) {
      calls[name]++
      if (step === draws.depth(session, lane)) continue
      const tool = draws.tool(session, lane, step)
      const own = drawn.subagents[tool]
      for (let index = 0; index < draws.fanOut(session, lane, step); index++)
        if (own) walk(own, laneOf(lane, step, index), 'small')
        else calls.search++
    }
  }
  walk(drawn, 0, 'main')
  return calls
}

test('the reference agent runs sub-agents, call for call as sessions draw them', async () => {
  const behind = await startProvider(nested, { seed, runId: 'nested' })
  const agent = await startAgent(nested, {
    host: '127.0.0.1',
    port: 0,
    modelUrl: `${behind.url}/v1`,
    toolsUrl: behind.url,
    apiKey: 'none',
  })
  const sessions = Array.from({ length: 12 }, (_, session) => session)
  await Promise.all(
    sessions.map(async (session) => {
      const opened = await fetch(`${agent.url}/api/sessions`, { method: 'POST' })
      const { session_id: id } = (await opened.json()) as { session_id: string }
      const answer = await fetch(`${agent.url}/api/sessions/${id}/messages`, {
        method: 'POST',
        headers: { traceparent: traceparent({ run: 1, session, turn: 0 }) },
        body: JSON.stringify({ content: 'hello' }),
      })
      expect(answer.status).toBe(200)
    }),
  )
  const { records } = (await (await fetch(`${behind.url}/_plimsoll/records?from=0`)).json()) as {
    records: CallRecord[]
  }
  await agent.close()
  await behind.close()
  const seen = sessions.map((session) => {
    const own = records.filter((record) => record.session === session)
    const models = own.filter(({ kind }) => kind === 'model')
    const steps = models.filter(({ step }) => step > 0).map(({ step }) => step)
    expect(steps).toEqual(Array.from({ length: drawnCalls(session).main }, (_, index) => index + 1))
    const small = models.filter(({ service }) => service === 1)
    return { main: models.length - small.length, small: small.length, search: own.length - models.length }
  })
  expect(seen).toEqual(sessions.map(drawnCalls))
  expect(records.filter(({ joinedBy }) => joinedBy === 'none')).toEqual([])
  expect(seen.some(({ small }) => small > 4)).toBe(true)
})
