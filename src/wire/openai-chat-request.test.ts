import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readChatRequest } from './openai-chat-request.ts'

const user = { role: 'user', content: 'hello' }
const lookUp = { type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }
const read = (body: unknown) => readChatRequest(JSON.stringify(body))

test('counts the characters of messages, tool calls and declarations', () => {
  const body = {
    model: 'm',
    messages: [
      { role: 'system', content: 'be kind' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'hi' },
          { type: 'image_url', image_url: { url: 'data:,' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'look_up', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'done' },
    ],
    tools: [lookUp],
    max_completion_tokens: 9,
    max_tokens: 50,
  }
  expect(read(body)).toMatchObject({
    request: {
      characters: 7 + 2 + 9 + 4 + JSON.stringify([lookUp]).length,
      messages: [{}, { text: 'hi' }, { text: '' }, { toolCallId: 'a' }],
      maxTokens: 9,
      stream: false,
      parallelToolCalls: true,
    },
  })
})

test.each([
  [{ messages: [user] }, 'model', 'you must provide a model parameter'],
  [{ model: 4, messages: [user] }, 'model', 'expected a string, but got the number 4'],
  [{ model: 'm' }, 'messages', "Missing required parameter: 'messages'"],
  [{ model: 'm', messages: [] }, 'messages', 'is empty'],
  [{ model: 'm', messages: ['hello'] }, 'messages[0]', 'expected an object, but got a string'],
  [{ model: 'm', messages: [{ role: 'king', content: '' }] }, 'messages[0].role', "Invalid value: 'king'"],
  [
    { model: 'm', messages: [{ role: 'user', content: 5 }] },
    'messages[0].content',
    'a string or an array of parts',
  ],
  [{ model: 'm', messages: [{ role: 'user', content: null }] }, 'messages[0].content', 'but got null'],
  [
    { model: 'm', messages: [{ role: 'tool', content: 'x' }] },
    'messages[0].tool_call_id',
    'Missing required',
  ],
  [{ model: 'm', messages: [user], max_tokens: -1 }, 'max_tokens', '>= 1, but got -1 instead.'],
  [{ model: 'm', messages: [user], max_tokens: '5' }, 'max_tokens', 'but got a string'],
  [{ model: 'm', messages: [user], stream: 'yes' }, 'stream', 'expected a boolean'],
  [{ model: 'm', messages: [user], n: 129 }, 'n', 'Expected a value <= 128, but got 129 instead.'],
  [{ model: 'm', messages: [user], stream_options: {} }, 'stream_options', "only allowed when 'stream'"],
  [{ model: 'm', messages: [user], tools: {} }, 'tools', 'expected an array'],
  [
    { model: 'm', messages: [user], tools: [{ type: 'function', function: {} }] },
    'tools[0].function.name',
    'Missing',
  ],
  [{ model: 'm', messages: [user], tools: [] }, 'tools', 'empty array'],
  [{ model: 'm', messages: [user], tools: ['look_up'] }, 'tools[0]', 'expected an object'],
  [{ model: 'm', messages: [user], tools: [{ function: { name: 'x' } }] }, 'tools[0].type', 'Missing'],
  [{ model: 'm', messages: [user], tools: [{ type: 'function' }] }, 'tools[0].function', 'Missing'],
  [
    { model: 'm', messages: [user], tools: [{ type: 'function', function: { name: 'look up' } }] },
    'tools[0].function.name',
    'letters, digits',
  ],
  [
    { model: 'm', messages: [user], tools: [{ type: 'function', function: { name: 'x', parameters: [] } }] },
    'parameters',
    'expected an object',
  ],
  [{ model: 'm', messages: [user], tool_choice: 'required' }, 'tool_choice', "only allowed when 'tools'"],
  [
    {
      model: 'm',
      messages: [user],
      tools: [lookUp],
      tool_choice: { type: 'function', function: { name: 'x' } },
    },
    'tool_choice',
    "'x' not found",
  ],
  [{ model: 'm', messages: [user], functions: [{ name: 'x' }] }, 'functions', 'not played'],
  [{ model: 'm', messages: [user], audio: { voice: 'alloy', format: 'wav' } }, 'audio', 'not played'],
  [
    { model: 'm', messages: [{ role: 'user', content: [{ text: 'x' }] }] },
    'messages[0].content[0].type',
    'Missing',
  ],
  [
    { model: 'm', messages: [{ role: 'user', content: [{ type: 'text' }] }] },
    'messages[0].content[0].text',
    'Missing',
  ],
  [{ model: 'm', messages: [user], response_format: { type: 'json_object' } }, 'messages', "the word 'json'"],
  [
    { model: 'm', messages: [user], response_format: { type: 'json_schema', json_schema: { schema: {} } } },
    'response_format.json_schema.name',
    'Missing',
  ],
  [
    { model: 'm', messages: [user], response_format: { type: 'xml' } },
    'response_format.type',
    'Supported values',
  ],
])('refuses %j', (body, param, words) => {
  expect(read(body)).toEqual({
    error: {
      status: 400,
      type: 'invalid_request_error',
      param,
      code: expect.toBeOneOf([null, expect.any(String)]),
      message: expect.stringContaining(words),
    },
  })
})

test('any body is read or refused, never thrown at', () => {
  const nearly = fc.record(
    {
      model: fc.oneof(fc.constant('m'), fc.jsonValue()),
      messages: fc.oneof(
        fc.array(
          fc.oneof(
            fc.jsonValue(),
            fc.record({
              role: fc.constantFrom('user', 'tool', 'assistant'),
              content: fc.jsonValue(),
              tool_calls: fc.jsonValue(),
            }),
          ),
        ),
        fc.jsonValue(),
      ),
      tools: fc.oneof(fc.constant([lookUp]), fc.jsonValue()),
      tool_choice: fc.jsonValue(),
      response_format: fc.jsonValue(),
      stream: fc.jsonValue(),
      n: fc.jsonValue(),
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
        const read = readChatRequest(body)
        if ('error' in read) expect(read.error.status).toBe(400)
        else expect(read.request.messages.length).toBeGreaterThan(0)
      },
    ),
  )
})

test.each([1_000, 50_000])('schemas that nest %i levels deep are refused, wherever they stand', (levels) => {
  const deep = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
  const declared = (tool: string): string => `"tools":[${tool}]`
  for (const part of [
    declared(`{"type":"function","function":{"name":"t","parameters":${deep}}}`),
    declared(`{"type":"custom","custom":${deep}}`),
    `"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":${deep}}}`,
  ])
    expect(readChatRequest(`{"model":"m","messages":[{"role":"user","content":"x"}],${part}}`)).toMatchObject(
      { error: { status: 400, message: expect.stringContaining('nested deeper') } },
    )
})
