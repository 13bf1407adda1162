import { expect, test } from 'vitest'
import { anthropicErrorBody } from './anthropic-error.ts'
import { readInvokeRequest, readMessagesRequest } from './anthropic-request.ts'
import { readConverseRequest } from './bedrock-request.ts'

const user = { role: 'user', content: 'hello' }
const assistant = { role: 'assistant', content: 'It is ' }
const system = { role: 'system', content: 'be kind' }
const directive = { role: 'system', content: [], output_config: { effort: 'low' } }
const ask = (more: object, model = 'claude-sonnet-5') =>
  readMessagesRequest(JSON.stringify({ model, max_tokens: 2000, messages: [user], ...more }))
const tool = (input_schema: object) => ({ tools: [{ name: 'f', input_schema }] })
const answer = (schema: object) => ({ output_config: { format: { type: 'json_schema', schema } } })
const open = { type: 'object', properties: { a: { type: 'string' } } }
const closed = { ...open, additionalProperties: false }

test.each([
  ['what an answer tells of itself', { messages: [{ ...user, id: 'x' }] }, 'messages.0.id: Extra inputs'],
  ['a parameter of OpenAI', { response_format: { type: 'json_object' } }, 'response_format: Extra inputs'],
  [
    'a block of OpenAI',
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url' }] }] },
    "messages.0.content.1: Input tag 'image_url' found using 'type' does not match",
  ],
  [
    'a system at the beginning',
    { messages: [system, user] },
    "messages.0: use the top-level 'system' parameter",
  ],
  [
    'a system before the user',
    { messages: [user, system, user] },
    "messages.1: role 'system' must precede an 'assistant' message or end the array",
  ],
  [
    'the beginning of an answer',
    { messages: [user, assistant] },
    'does not support assistant message prefill.',
  ],
  [
    'thinking at another temperature',
    { thinking: { type: 'adaptive' }, temperature: 0.2 },
    '`temperature` may only be set to 1 when thinking is enabled',
  ],
  ['a tool of no type', tool({ properties: {} }), 'tools.0.custom.input_schema.type: Field required'],
  [
    'a tool of alternatives',
    tool({ ...open, anyOf: [] }),
    'does not support oneOf, allOf, or anyOf at the top',
  ],
  [
    'an open answer',
    answer(open),
    "For 'object' type, 'additionalProperties' must be explicitly set to false",
  ],
  [
    'an answer that is open within',
    answer({ ...closed, properties: { in: { anyOf: [{ ...open, additionalProperties: true }] } } }),
    "'additionalProperties: true' is not supported.",
  ],
])('%s is refused of Claude, and taken of other models', (_, more, words) => {
  const message = expect.stringContaining(words) as unknown
  expect(ask(more)).toMatchObject({ error: { status: 400, message } })
  expect(ask(more, 'kimi-k2')).toHaveProperty('request')
})

test.each([
  ['a system behind the user', { messages: [user, system] }],
  ['systems before the assistant', { messages: [user, system, system, assistant, user] }],
  ['a directive at the beginning', { messages: [directive, user] }],
  ['a directive before the user', { messages: [user, directive, user] }],
  ...['server_tool_use', 'mcp_tool_use', 'compaction'].map((type): [string, object] => [
    `a turn that ${type} interrupted`,
    { messages: [user, { role: 'assistant', content: [{ type, id: 's', name: 'f', input: {} }] }] },
  ]),
  ['thinking at the usual temperature', { thinking: { type: 'adaptive' }, temperature: 1 }],
  ['a closed answer', answer(closed)],
  ['alternatives within a tool', tool({ ...open, properties: { a: { anyOf: [{ type: 'string' }] } } })],
])('%s is taken', (_, more) => {
  expect(ask(more)).toHaveProperty('request')
})

test.each([
  ['claude-opus-4-6', false],
  ['us.anthropic.claude-opus-4-6-v1', false],
  ['claude-sonnet-5', false],
  ['claude-sonnet-4-5-20250929', true],
  ['claude-sonnet-4-20250514', true],
  ['claude-haiku-4-5', true],
  ['claude-3-5-haiku-20241022', true],
])('%s goes on with what the assistant began: %s', (model, isTaken) => {
  const messages = [user, assistant]
  const invoked = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages })
  const blocks = messages.map(({ role, content }) => ({ role, content: [{ text: content }] }))
  for (const read of [
    ask({ messages }, model),
    readInvokeRequest(invoked, { model, stream: false }),
    readConverseRequest(JSON.stringify({ messages: blocks }), { model, stream: false }),
  ])
    expect(read).toHaveProperty(isTaken ? 'request' : 'error')
})

test('what is missing is told as Anthropic tells it', () => {
  const told = (more: object) => {
    const read = ask(more)
    return 'error' in read ? (JSON.parse(anthropicErrorBody(read.error)) as unknown) : read
  }
  expect(told({ max_tokens: undefined })).toMatchObject({ error: { message: 'max_tokens: Field required' } })
  expect(told({ messages: [{ role: 'user', content: [{ text: 'x' }] }] })).toMatchObject({
    error: { message: 'messages.0.content.0.type: Field required' },
  })
})
