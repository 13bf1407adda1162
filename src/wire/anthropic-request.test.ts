import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCountTokensRequest, readMessagesRequest } from './anthropic-request.ts'

const user = { role: 'user', content: 'hello' }
const lookUp = { name: 'look_up', input_schema: { type: 'object' } }
const asked = { model: 'm', max_tokens: 9, messages: [user] }
const read = (body: unknown) => readMessagesRequest(JSON.stringify(body))

test('brings system, blocks, calls and results to one form, and counts their characters', () => {
  const body = {
    model: 'm',
    max_tokens: 9,
    system: [{ type: 'text', text: 'be kind', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'url', url: 'x' } },
          { type: 'text', text: 'hi' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'let me see' },
          { type: 'tool_use', id: 'toolu_a', name: 'look_up', input: { a: 1 } },
          { type: 'tool_use', id: 'toolu_b', name: 'look_up', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_a', content: [{ type: 'text', text: 'done' }] },
          { type: 'tool_result', tool_use_id: 'toolu_b' },
        ],
      },
    ],
    tools: [lookUp, { type: 'web_search_20260209', name: 'web_search' }],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  }
  expect(read(body)).toEqual({
    request: {
      model: 'm',
      messages: [
        { role: 'system', text: 'be kind', characters: 7 },
        { role: 'user', text: 'hi', characters: 2 },
        {
          role: 'assistant',
          text: 'let me see',
          called: [
            { id: 'toolu_a', name: 'look_up', arguments: '{"a":1}' },
            { id: 'toolu_b', name: 'look_up', arguments: '{}' },
          ],
          characters: 10 + 7 + 7 + 7 + 2,
        },
        { role: 'tool', toolCallId: 'toolu_a', text: 'done', characters: 4 },
        { role: 'tool', toolCallId: 'toolu_b', text: '', characters: 0 },
      ],
      tools: [{ name: 'look_up', parameters: { type: 'object' } }],
      toolChoice: { mode: 'required' },
      parallelToolCalls: false,
      format: { kind: 'text' },
      maxTokens: 9,
      cacheable: {
        messages: [{ role: 'system', text: 'be kind', characters: 7 }],
        tools: [{ name: 'look_up', parameters: { type: 'object' } }],
        declared: JSON.stringify(body.tools),
        characters: 7 + JSON.stringify(body.tools).length,
      },
      isThread: false,
      stream: false,
      declared: JSON.stringify(body.tools),
      characters: 7 + 2 + 33 + 4 + JSON.stringify(body.tools).length,
    },
  })
})

test.each([
  [{ ...asked, model: undefined }, 'you must provide a model'],
  [{ ...asked, max_tokens: undefined }, "'max_tokens'"],
  [{ ...asked, max_tokens: -1 }, 'a whole number of at least 0'],
  [{ ...asked, messages: undefined }, "'messages'"],
  [{ ...asked, messages: [] }, 'at least one message'],
  [{ ...asked, messages: ['hello'] }, "'messages[0]': expected an object"],
  [{ ...asked, messages: [{ role: 'king', content: '' }] }, "Input should be 'user' or 'assistant'"],
  [{ ...asked, messages: [{ role: 'user' }] }, "'messages[0].content'"],
  [{ ...asked, messages: [{ role: 'user', content: [{ text: 'x' }] }] }, "'messages[0].content[0].type'"],
  [{ ...asked, messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'content[0].text'],
  [{ ...asked, messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }, 'tool_use_id'],
  [{ ...asked, messages: [{ role: 'assistant', content: [{ type: 'tool_use', name: 'x' }] }] }, 'input'],
  [{ ...asked, system: 5 }, "'system'"],
  [{ ...asked, stream: 'yes' }, 'expected a boolean'],
  [{ ...asked, tools: {} }, 'expected an array'],
  [{ ...asked, tools: [{ name: 'x' }] }, "'tools[0].input_schema'"],
  [{ ...asked, tools: [{ ...lookUp, name: 'look up' }] }, '1 to 128 letters'],
  [{ ...asked, tool_choice: { type: 'any' } }, "only allowed when 'tools'"],
  [{ ...asked, tools: [lookUp], tool_choice: { type: 'tool', name: 'x' } }, "'x' not found"],
  [{ ...asked, tools: [lookUp], tool_choice: { type: 'function' } }, "'auto', 'any', 'tool' or 'none'"],
  [{ ...asked, output_config: { format: { type: 'json_schema' } } }, 'output_config.format.schema'],
])('refuses %j', (body, words) => {
  expect(read(body)).toMatchObject({
    error: { status: 400, message: expect.stringContaining(words) as unknown },
  })
})

test('counting needs no max_tokens', () => {
  expect(readCountTokensRequest(JSON.stringify({ model: 'm', messages: [user] }))).toMatchObject({
    request: { characters: 5, maxTokens: undefined },
  })
})

test('any body is read or refused, never thrown at', () => {
  const block = fc.record(
    {
      type: fc.constantFrom('text', 'tool_use', 'tool_result', 'thinking'),
      text: fc.jsonValue(),
      name: fc.jsonValue(),
      input: fc.jsonValue(),
      content: fc.jsonValue(),
      tool_use_id: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  )
  const message = fc.record({
    role: fc.constantFrom('user', 'assistant'),
    content: fc.oneof(fc.array(block), fc.jsonValue()),
  })
  const nearly = fc.record(
    {
      model: fc.oneof(fc.constant('m'), fc.jsonValue()),
      max_tokens: fc.oneof(fc.constant(5), fc.jsonValue()),
      messages: fc.oneof(fc.array(message), fc.jsonValue()),
      system: fc.oneof(fc.string(), fc.jsonValue()),
      tools: fc.oneof(fc.constant([lookUp]), fc.jsonValue()),
      tool_choice: fc.oneof(fc.record({ type: fc.constantFrom('auto', 'any', 'tool') }), fc.jsonValue()),
      output_config: fc.jsonValue(),
      stream: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        nearly.map((value) => JSON.stringify(value)),
      ),
      (body) => {
        const read = readMessagesRequest(body)
        if ('error' in read) expect(read.error.status).toBe(400)
        else expect(read.request.messages.length).toBeGreaterThan(0)
      },
    ),
  )
})

test.each([1_000, 50_000])('what nests %i levels deep is refused, wherever it stands', (levels) => {
  const deep = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
  const text = '{"role":"user","content":"x"}'
  const call = `{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"t","input":${deep}}]}`
  for (const body of [
    `"messages":[${text}],"tools":[{"name":"t","input_schema":${deep}}]`,
    `"messages":[${text}],"output_config":{"format":{"type":"json_schema","schema":${deep}}}`,
    `"messages":[${text},${call}]`,
  ])
    expect(readMessagesRequest(`{"model":"m","max_tokens":1,${body}}`)).toMatchObject({
      error: { status: 400, message: expect.stringContaining('nested deeper') as unknown },
    })
})

const marked = (text: string, ttl = '5m') => ({
  type: 'text',
  text,
  cache_control: { type: 'ephemeral', ttl },
})
const tooLate = "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block"

const thinking = { type: 'enabled', budget_tokens: 1024 }
const result = {
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: 'a', content: [marked('done')] }],
}
const call = { type: 'tool_use', id: 'a', name: 'look_up', input: {} }
const loop = (...before: object[]) => [user, { role: 'assistant', content: [...before, call] }, result]
const thinker = { ...asked, max_tokens: 2000, thinking, tools: [lookUp] }

test.each([
  [
    { messages: [user, { role: 'assistant', content: '' }, user] },
    'messages.1: all messages must have non-empty',
  ],
  [{ messages: [{ role: 'user', content: [] }] }, 'messages.0: all messages must have non-empty content'],
  [
    { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
    'text content blocks must be non-empty',
  ],
  [
    { system: ['a', 'b', 'c', 'd'].map((text) => marked(text)), messages: loop() },
    'with cache_control may be provided. Found 5.',
  ],
  [
    { system: [marked('a')], messages: [{ role: 'user', content: [marked('b', '1h')] }] },
    `messages.0.content.0.cache_control.ttl: ${tooLate}`,
  ],
  [
    { tools: [{ ...lookUp, cache_control: { type: 'ephemeral' } }], system: [marked('a', '1h')] },
    `system.0.cache_control.ttl: ${tooLate}`,
  ],
  [{ system: [marked('a')], cache_control: { type: 'ephemeral', ttl: '1h' } }, tooLate],
  [{ temperature: 1.5 }, 'temperature: range: 0..1'],
  [{ temperature: 'hot' }, 'temperature: Input should be a valid number'],
  [{ top_p: -0.1 }, 'top_p: range: 0..1'],
  [{ stop_sequences: 'end' }, 'stop_sequences: Input should be a valid array'],
  [{ stop_sequences: ['end', 1] }, 'stop_sequences.1: Input should be a valid string'],
  [{ stop_sequences: ['end', ''] }, 'stop_sequences: each stop sequence must be non-empty'],
  [{ stop_sequences: ['\n\n'] }, 'stop_sequences: each stop sequence must contain non-whitespace'],
  [{ tools: [lookUp, lookUp] }, 'Tool names must be unique'],
  [{ ...thinker, tool_choice: { type: 'any' } }, 'Thinking may not be enabled when tool_choice forces'],
  [{ ...thinker, messages: loop() }, 'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`'],
])('what a history has grown into is refused: %j', (body, words) => {
  expect(read({ ...asked, ...body })).toMatchObject({
    error: { status: 400, message: expect.stringContaining(words) as unknown },
  })
})

test.each([
  { messages: [user, { role: 'assistant', content: '' }] },
  { system: ['a', 'b', 'c'].map((text) => marked(text)), messages: loop() },
  { system: [marked('a', '1h')], messages: loop(), cache_control: { type: 'ephemeral' } },
  { temperature: 1, top_p: 0, stop_sequences: [' end'], max_tokens: 0 },
  { ...thinker, messages: loop({ type: 'thinking', thinking: 'so', signature: 'x' }) },
  { ...thinker, messages: loop({ type: 'redacted_thinking', data: 'x' }) },
  { ...thinker, messages: loop(), thinking: { type: 'adaptive' } },
])('and nothing that Claude takes: %j', (body) => {
  expect(read({ ...asked, ...body })).toHaveProperty('request')
})
