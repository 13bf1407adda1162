import type { Anthropic } from '@anthropic-ai/sdk'
import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  type ConverseStreamCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type Message,
  ThrottlingException,
} from '@aws-sdk/client-bedrock-runtime'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { expect, test } from 'vitest'
import { textMarker } from '../src/sessions/turn-key.ts'
import {
  expectIntendedDepths,
  mixedDepth,
  orderSchema,
  recordsOf,
  startWorld,
  validOrder,
  type World,
} from './sdk-world.ts'

const modelId = 'eu.anthropic.claude-sonnet-5-20260101-v1:0'
const messages: Message[] = [{ role: 'user', content: [{ text: 'Where is my order 1001?' }] }]
/** AWS's client takes several times as long for a call as the others do. */
const fewerTurns = 300
const tools = ['orders', 'stock', 'delete_account'].map((name) => ({
  toolSpec: { name, inputSchema: { json: orderSchema } },
}))

/** The official client on the simulated provider, over HTTP/1.1. */
async function world({ maxAttempts = 1, ...rest }: World & { readonly maxAttempts?: number } = {}) {
  const provider = await startWorld({ model: `"${modelId}"`, ...rest })
  const client = new BedrockRuntimeClient({
    endpoint: provider.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    requestHandler: new NodeHttpHandler(),
    maxAttempts,
  })
  return { provider, client }
}

type Client = BedrockRuntimeClient

/** A streamed answer, put together. */
async function streamed(client: Client, input: ConverseStreamCommandInput) {
  const { stream } = await client.send(new ConverseStreamCommand(input))
  const blocks: { text: string; thought: string; use?: { toolUseId: string; name: string } }[] = []
  let stopReason: string | undefined
  let usage: object | undefined
  const types: string[] = []
  for await (const event of stream!) {
    types.push(Object.keys(event)[0]!)
    const at = event.contentBlockStart?.contentBlockIndex ?? event.contentBlockDelta?.contentBlockIndex
    const block = at === undefined ? undefined : (blocks[at] ??= { text: '', thought: '' })
    const use = event.contentBlockStart?.start?.toolUse
    if (use) block!.use = { toolUseId: use.toolUseId!, name: use.name! }
    const delta = event.contentBlockDelta?.delta
    if (block) block.text += delta?.text ?? delta?.toolUse?.input ?? ''
    if (block) block.thought += delta?.reasoningContent?.text ?? ''
    stopReason ??= event.messageStop?.stopReason
    usage ??= event.metadata?.usage
  }
  const content = blocks.map(({ text, use }) =>
    use ? { toolUse: { ...use, input: JSON.parse(text) as object } } : { text },
  ) as ContentBlock[]
  return { content, stopReason, usage, types, blocks }
}

test('a whole answer, with usage that tells cached input apart', async () => {
  const { client } = await world()
  const answer = await client.send(new ConverseCommand({ modelId, messages, system: [{ text: 'Be kind.' }] }))
  expect(answer.output!.message).toMatchObject({
    role: 'assistant',
    content: [{ text: expect.any(String) as unknown }],
  })
  expect(answer).toMatchObject({
    stopReason: 'end_turn',
    usage: { inputTokens: 4, cacheReadInputTokens: 4, outputTokens: 30, totalTokens: 38 },
    metrics: { latencyMs: expect.any(Number) as unknown },
  })
  expect(answer.$metadata.requestId).toMatch(/^req_/)
})

test('a whole answer tells the time that it took', async () => {
  const { client } = await world({ perToken: '5ms' })
  const { metrics } = await client.send(new ConverseCommand({ modelId, messages }))
  // The 29 tokens after the first, each of which has its instant.
  expect(metrics!.latencyMs).toBeGreaterThanOrEqual(144)
})

test('a stream of frames is the answer that is told whole', async () => {
  const { client } = await world()
  const { content, stopReason, usage, types } = await streamed(client, { modelId, messages })
  expect(content[0]!.text).toHaveLength(120)
  expect([stopReason, usage]).toMatchObject(['end_turn', { outputTokens: 30 }])
  expect(types[0]).toBe('messageStart')
  expect(types.slice(-3)).toEqual(['contentBlockStop', 'messageStop', 'metadata'])
  expect(types.length).toBeGreaterThan(9)
})

test('the tool loop is as deep as the workload says, streaming and not', async () => {
  const { client, provider } = await world({ depth: mixedDepth })
  const called = new Set<string>()
  await expectIntendedDepths(async (_, turn) => {
    const text = `Where is my order? ${textMarker({ run: 1, session: turn, turn: 0 })}`
    const said: Message[] = [{ role: 'user', content: [{ text }] }]
    for (let calls = 1; ; calls++) {
      const asked: ConverseCommandInput = { modelId, messages: said, toolConfig: { tools } }
      const content =
        turn % 2
          ? (await streamed(client, asked)).content
          : (await client.send(new ConverseCommand(asked))).output!.message!.content!
      const uses = content.flatMap(({ toolUse }) => (toolUse ? [toolUse] : []))
      if (uses.length === 0) return calls
      for (const { name, input } of uses) {
        called.add(name!)
        expect(input).toMatchObject(name === 'orders' ? validOrder : {})
      }
      said.push({ role: 'assistant', content })
      const results = uses.map(({ toolUseId }) => ({
        toolResult: { toolUseId, content: [{ json: { ok: true } }] },
      }))
      said.push({ role: 'user', content: results })
    }
  }, fewerTurns)
  expect([...called].sort()).toEqual(['orders', 'stock'])
  const records = await recordsOf(provider)
  expect(new Set(records.map(({ joinedBy }) => joinedBy))).toEqual(new Set(['text', 'id']))
})

test('InvokeModel: a Claude in its own words, whole and in frames', async () => {
  const { client, provider } = await world({ depth: '2' })
  const body = (more: object, said: object[] = []): string =>
    JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Where is my order?' }, ...said],
      ...more,
    })
  const declared = { tools: [{ name: 'orders', input_schema: orderSchema }] }
  const whole = await client.send(new InvokeModelCommand({ modelId, body: body(declared) }))
  const message = JSON.parse(whole.body.transformToString()) as Anthropic.Message
  expect(message).toMatchObject({ model: modelId, stop_reason: 'tool_use' })
  const uses = message.content as Anthropic.ToolUseBlock[]
  expect(uses.map(({ name, input }) => [name, input])).toEqual([
    ['orders', validOrder],
    ['orders', validOrder],
  ])
  const results = uses.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'shipped' }))
  const answered = body(declared, [
    { role: 'assistant', content: message.content },
    { role: 'user', content: results },
  ])
  const command = new InvokeModelWithResponseStreamCommand({ modelId, body: answered })
  const events: Anthropic.MessageStreamEvent[] = []
  for await (const { chunk } of (await client.send(command)).body!)
    events.push(JSON.parse(Buffer.from(chunk!.bytes!).toString('utf8')) as Anthropic.MessageStreamEvent)
  expect([events[0]!.type, events.at(-1)!.type]).toEqual(['message_start', 'message_stop'])
  expect(events.find(({ type }) => type === 'message_delta')).toMatchObject({
    delta: { stop_reason: 'end_turn' },
    usage: { output_tokens: 30 },
  })
  expect((await recordsOf(provider)).map(({ step }) => step)).toEqual([1, 2])
  const refused = client.send(new InvokeModelCommand({ modelId, body: JSON.stringify({ prompt: 'hello' }) }))
  await expect(refused).rejects.toMatchObject({ name: 'ValidationException' })
})

test('the choice of a tool, the most tokens and a schema are obeyed', async () => {
  const { client } = await world({ depth: '2' })
  const ask = (input: Partial<ConverseCommandInput>) =>
    client.send(new ConverseCommand({ modelId, messages, ...input }))
  const named = await ask({ toolConfig: { tools, toolChoice: { tool: { name: 'stock' } } } })
  expect(named.output!.message!.content!.map(({ toolUse }) => toolUse!.name)).toEqual(['stock'])
  const cut = await ask({ inferenceConfig: { maxTokens: 5 } })
  expect([cut.stopReason, cut.usage!.outputTokens]).toEqual(['max_tokens', 5])
  const schema = JSON.stringify(orderSchema)
  const shaped = await ask({
    outputConfig: {
      textFormat: { type: 'json_schema', structure: { jsonSchema: { schema, name: 'order' } } },
    },
  })
  expect(JSON.parse(shaped.output!.message!.content![0]!.text!)).toMatchObject({
    order: expect.any(Number) as unknown,
    detail: validOrder.detail,
  })
})

test('what Claude thinks comes before what it says', async () => {
  const { client } = await world()
  const additionalModelRequestFields = { thinking: { type: 'enabled', budget_tokens: 1024 } }
  const { blocks } = await streamed(client, { modelId, messages, additionalModelRequestFields })
  expect(blocks.map(({ thought, text }) => [thought.length, text.length])).toEqual([
    [28, 0],
    [0, 92],
  ])
})

test('a used-up quota is a ThrottlingException, and the client tries again until it is there', async () => {
  const { client } = await world({ quota: '{ rpm: 60 }' })
  await expect(client.send(new ConverseCommand({ modelId, messages }))).rejects.toBeInstanceOf(
    ThrottlingException,
  )
  // One request a second, at speed 20: a twentieth of a second each.
  const patient = await world({ quota: '{ rpm: 60 }', speed: 20, maxAttempts: 12 })
  const asked = Array.from({ length: 4 }, () =>
    patient.client.send(new ConverseCommand({ modelId, messages })),
  )
  expect((await Promise.all(asked)).map(({ stopReason }) => stopReason)).toEqual(Array(4).fill('end_turn'))
  const records = await recordsOf(patient.provider)
  expect(records.some(({ status, attempt }) => status === 429 && attempt === 0)).toBe(true)
  expect(records.some(({ status, attempt }) => status === 200 && attempt > 0)).toBe(true)
})

test('what is cut in the middle is an exception in the stream', async () => {
  const quota = '{ like: bedrock-mantle, itpm: 500M, otpm: 10, expectedOutput: 100 }'
  const { client } = await world({ quota, perToken: '1ms' })
  await expect(streamed(client, { modelId, messages })).rejects.toMatchObject({
    name: 'ModelStreamErrorException',
  })
})

test('no messages: a ValidationException', async () => {
  const { client } = await world()
  const asked = client.send(new ConverseCommand({ modelId, messages: [] }))
  await expect(asked).rejects.toMatchObject({
    name: 'ValidationException',
    $metadata: { httpStatusCode: 400 },
  })
})
