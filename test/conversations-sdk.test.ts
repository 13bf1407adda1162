// OpenAI's Conversations API, and responses that go on with a conversation.
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { textMarker } from '../src/sessions/turn-key.ts'
import { orderSchema, recordsOf, startWorld, type World } from './sdk-world.ts'

const model = 'gpt-4.1'
const tools = [{ type: 'function' as const, name: 'orders', parameters: orderSchema, strict: false }]
const hello = { type: 'message' as const, role: 'user' as const, content: 'hello' }
const question = (turn: number): string => `Where is it? ${textMarker({ run: 1, session: 7, turn })}`

async function world(more: World = {}) {
  const provider = await startWorld({ model, ...more })
  const { conversations, responses } = new OpenAI({
    baseURL: `${provider.url}/v1`,
    apiKey: 'none',
    maxRetries: 0,
  })
  return { provider, conversations, responses }
}

const refusal = (status: number, message: string, code: string | null = null) => ({
  status,
  error: { message, type: 'invalid_request_error', code },
})

test('a conversation begins, is told, changed and deleted', async () => {
  const { conversations } = await world()
  const begun = await conversations.create({ metadata: { shop: 'one' } })
  expect(begun).toMatchObject({ object: 'conversation', metadata: { shop: 'one' } })
  expect(begun.id).toMatch(/^conv_/)
  expect(await conversations.retrieve(begun.id)).toEqual(begun)
  const changed = { ...begun, metadata: { shop: 'two' } }
  expect(await conversations.update(begun.id, { metadata: { shop: 'two' } })).toEqual(changed)
  expect(await conversations.update(begun.id, { metadata: null })).toEqual({ ...begun, metadata: {} })
  await expect(conversations.update(begun.id, {} as never)).rejects.toMatchObject({ param: 'metadata' })
  expect(await conversations.delete(begun.id)).toEqual({
    id: begun.id,
    object: 'conversation.deleted',
    deleted: true,
  })
  const gone = refusal(404, `Conversation with id '${begun.id}' not found.`)
  await expect(conversations.retrieve(begun.id)).rejects.toMatchObject(gone)
  await expect(conversations.items.list(begun.id)).rejects.toMatchObject(gone)
})

test('its items are added, told page by page, newest first, and deleted', async () => {
  const { conversations } = await world()
  const { id } = await conversations.create({ items: [hello] })
  const { data: added } = await conversations.items.create(id, {
    items: ['one', 'two', 'three'].map((content) => ({ ...hello, content })),
  })
  expect(added).toHaveLength(3)
  const text = (said: string) => [{ type: 'input_text', text: said }]
  expect(added[0]).toMatchObject({ type: 'message', role: 'user', content: text('one') })
  const names: string[] = []
  for await (const item of conversations.items.list(id, { limit: 2 })) names.push(item.id!)
  expect(names.slice(0, 3)).toEqual(added.map((item) => item.id!).toReversed())
  expect(new Set(names).size).toBe(4)
  const [last] = names
  expect(await conversations.items.retrieve(last!, { conversation_id: id })).toEqual(added[2])
  expect((await conversations.items.delete(last!, { conversation_id: id })).id).toBe(id)
  await expect(conversations.items.retrieve(last!, { conversation_id: id })).rejects.toMatchObject({
    status: 404,
  })
  await conversations.items.create(id, { items: [hello] })
  const left: string[] = []
  for await (const item of conversations.items.list(id, { order: 'asc' })) left.push(item.id!)
  expect(left).toHaveLength(4)
  expect(new Set([...left, last]).size).toBe(5)
})

test.each([
  ['gpt-4.1', false],
  ['gpt-4.1', true],
  // Thoughts stand before what followed them, in the conversation too.
  ['gpt-5', false],
  ['gpt-5', true],
])(
  'responses of %s go on with a conversation and add to it what is said (streamed: %s)',
  async (name, stream) => {
    const { provider, conversations, responses } = await world({ depth: '2' })
    const { id } = await conversations.create({ items: [hello] })
    const ask = async (
      asked: OpenAI.Responses.ResponseInput | string,
      conversation: string | { id: string },
    ) => {
      const reasoning = name === 'gpt-5' ? { effort: 'low' as const } : null
      const body = { model: name, tools, input: asked, conversation, reasoning }
      return stream ? responses.stream(body).finalResponse() : responses.create(body)
    }
    let inputTokens = 0
    for (const turn of [0, 1]) {
      const called = await ask(question(turn), id)
      expect(called.conversation).toEqual({ id })
      const results = called.output.flatMap((item) =>
        item.type === 'function_call'
          ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: 'shipped' }]
          : [],
      )
      expect(results.length).toBeGreaterThan(0)
      const answered = await ask(results, { id })
      expect(answered.output.at(-1)).toMatchObject({ type: 'message', role: 'assistant' })
      expect(called.usage!.input_tokens).toBeGreaterThan(inputTokens)
      inputTokens = answered.usage!.input_tokens
    }
    const types: string[] = []
    for await (const { type } of conversations.items.list(id, { order: 'asc' }))
      if (type !== 'reasoning') types.push(type)
    const loop = ['message', 'function_call', 'function_call_output']
    expect(types.filter((type, index) => type !== types[index - 1])).toEqual([...loop, ...loop, 'message'])
    const records = await recordsOf(provider)
    expect(records.map(({ session, turn, step }) => [session, turn, step])).toEqual([
      [7, 0, 1],
      [7, 0, 2],
      [7, 1, 1],
      [7, 1, 2],
    ])
    const { id: response } = await ask(question(2), id)
    expect((await responses.retrieve(response)).conversation).toEqual({ id })
  },
)

test.each(['cut', 'malformed', 'wrongLength'])(
  'a try that is spoiled (%s) leaves the conversation as it was',
  async (fault) => {
    const { provider, conversations, responses } = await world({
      depth: '2',
      faults: `[{ fault: ${fault} }]`,
    })
    const { id } = await conversations.create({ items: [hello] })
    const asked = { model, tools, input: question(0), conversation: id }
    for (const stream of [true, false]) {
      const broken = stream ? responses.stream(asked).finalResponse() : responses.create(asked)
      await expect(broken).rejects.toThrow()
    }
    expect((await conversations.items.list(id)).data).toHaveLength(1)
    await fetch(`${provider.url}/_plimsoll/faults`, { method: 'DELETE' })
    const { output } = await responses.create(asked)
    expect(output.at(-1)).toMatchObject({ type: 'function_call' })
    expect((await conversations.items.list(id)).data).toHaveLength(2 + output.length)
  },
)

test.each([true, false])('thoughts of a conversation are kept in it (store: %s)', async (store) => {
  const { conversations, responses } = await world({ model: 'gpt-5' })
  const { id } = await conversations.create()
  for (const input of ['hello', 'and?']) {
    const asked = { model: 'gpt-5', input, conversation: id, store, reasoning: { effort: 'low' as const } }
    expect((await responses.create(asked)).output).toMatchObject([{ type: 'reasoning' }, { type: 'message' }])
  }
})

test('what is told by its name alone is not told twice', async () => {
  const { conversations, responses } = await world()
  const { id } = await conversations.create({ items: [hello] })
  const names = async (): Promise<string[]> =>
    (await conversations.items.list(id, { order: 'asc' })).data.map((item) => item.id!)
  const [own] = await names()
  const { output: elsewhere } = await responses.create({ model, input: 'hello' })
  const references = [own!, elsewhere[0]!.id!].flatMap((each) => [
    { id: each },
    { type: 'item_reference' as const, id: each },
  ])
  for (const input of [[...references, hello], 'and?']) {
    const { output } = await responses.create({ model, input, conversation: id })
    expect(output).toMatchObject([{ type: 'message', role: 'assistant' }])
  }
  const told = await names()
  expect(told.slice(0, 2)).toEqual([own, elsewhere[0]!.id])
  expect(told).toHaveLength(6)
  expect(new Set(told).size).toBe(6)
})

test('what cannot be gone on with is refused, in the words of the API', async () => {
  const { conversations, responses } = await world()
  const { id } = await conversations.create()
  const ask = (more: object) => responses.create({ model, input: 'hello', ...more })
  await expect(ask({ conversation: 'conv_none' })).rejects.toMatchObject(
    refusal(404, "Conversation with id 'conv_none' not found."),
  )
  await expect(ask({ conversation: 'resp_1' })).rejects.toMatchObject({ status: 400, param: 'conversation' })
  await expect(ask({ conversation: 7 })).rejects.toMatchObject({ status: 400, param: 'conversation' })
  const { id: previous } = await ask({})
  await expect(ask({ conversation: id, previous_response_id: previous })).rejects.toMatchObject(
    refusal(
      400,
      "Mutually exclusive parameters. Ensure you are only providing one of: 'previous_response_id' or 'conversation'.",
      'mutually_exclusive_parameters',
    ),
  )
  await expect(responses.create({ model, conversation: id })).rejects.toMatchObject({ status: 400 })
  const many = Array.from({ length: 21 }, () => hello)
  await expect(conversations.items.create(id, { items: many })).rejects.toMatchObject({
    code: 'array_above_max_length',
  })
  await expect(conversations.items.create(id, {} as never)).rejects.toMatchObject({ param: 'items' })
  await expect(conversations.items.list(id, { limit: 101 })).rejects.toMatchObject({ status: 400 })
})
