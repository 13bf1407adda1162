import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readResponsesRequest } from './openai-responses-request.ts'

const lookUp = { type: 'function', name: 'look_up', parameters: { type: 'object' } }
const before = [{ role: 'user', text: 'hello', characters: 5 }]
const recall = (id: string) => (id === 'resp_1' ? before : undefined)
const read = (body: unknown) => readResponsesRequest(JSON.stringify(body), recall)

test('brings items to one form, after what came before; instructions come first and do not go on', () => {
  const body = {
    model: 'm',
    previous_response_id: 'resp_1',
    instructions: 'be kind',
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'hi' }, { type: 'input_image' }] },
      { type: 'reasoning', id: 'rs_1', summary: [] },
      { type: 'function_call', call_id: 'call_a', name: 'look_up', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_a', output: 'done' },
    ],
    tools: [lookUp, { type: 'web_search' }],
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'look_up' }] },
    max_output_tokens: 19,
    text: { format: { type: 'json_schema', name: 's', schema: { type: 'object' } } },
  }
  const conversation = [
    ...before,
    { role: 'user', text: 'hi', characters: 2 },
    { role: 'assistant', text: '', characters: 9 },
    { role: 'tool', toolCallId: 'call_a', text: 'done', characters: 4 },
  ]
  expect(read(body)).toMatchObject({
    request: {
      messages: [{ role: 'system', text: 'be kind', characters: 7 }, ...conversation],
      conversation,
      tools: [{ name: 'look_up', parameters: { type: 'object' } }],
      toolChoice: { mode: 'auto', names: ['look_up'] },
      format: { kind: 'schema', schema: { type: 'object' } },
      maxTokens: 19,
      store: true,
      characters: 7 + 5 + 2 + 9 + 4 + JSON.stringify(body.tools).length,
      echo: { previous_response_id: 'resp_1', tools: body.tools, temperature: 1 },
    },
  })
})

test.each([
  [{ input: 'x' }, 'model', 'you must provide a model parameter'],
  [{ model: 'm' }, 'input', "Missing required parameter: 'input'"],
  [{ model: 'm', input: 5 }, 'input', 'a string or an array of items'],
  [{ model: 'm', input: [] }, null, 'must be provided'],
  [{ model: 'm', input: [{ role: 'tool', content: '' }] }, 'input[0].role', "Invalid value: 'tool'"],
  [{ model: 'm', input: [{ role: 'user' }] }, 'input[0].content', 'Missing'],
  [{ model: 'm', input: [{ type: 'function_call' }] }, 'input[0].name', 'Missing'],
  [{ model: 'm', input: [{ type: 'function_call_output', call_id: 'a' }] }, 'input[0].output', 'Missing'],
  [{ model: 'm', input: 'x', max_output_tokens: 0 }, 'max_output_tokens', '>= 16, but got 0 instead.'],
  [{ model: 'm', input: 'x', conversation: 'resp_1' }, 'conversation', "begins with 'conv_'"],
  [{ model: 'm', input: 'x', previous_response_id: 'resp_2' }, 'previous_response_id', 'not found'],
  [{ model: 'm', input: 'x', tools: [{ name: 'x' }] }, 'tools[0].type', 'Missing'],
  [{ model: 'm', input: 'x', tools: [{ type: 'function' }] }, 'tools[0].name', 'Missing'],
  [{ model: 'm', input: 'x', tool_choice: 'required' }, 'tool_choice', "only allowed when 'tools'"],
  [{ model: 'm', input: 'x', tool_choice: { type: 'file_search' } }, 'tool_choice', 'Unsupported'],
  [{ model: 'm', input: 'x', text: { format: { type: 'xml' } } }, 'text.format.type', 'Supported values'],
  [{ model: 'm', input: 'x', text: { format: { type: 'json_object' } } }, 'input', "the word 'json'"],
  [
    { model: 'm', input: 'x', text: { format: { type: 'json_schema', schema: {} } } },
    'text.format.name',
    'Missing',
  ],
])('refuses %j', (body, param, words) => {
  expect(read(body)).toMatchObject({
    error: { status: 400, param, message: expect.stringContaining(words) as unknown },
  })
})

test('any body is read or refused, never thrown at', () => {
  const item = fc.record(
    {
      type: fc.constantFrom('message', 'function_call', 'function_call_output', 'reasoning'),
      role: fc.constantFrom('user', 'assistant', 'king'),
      content: fc.jsonValue(),
      name: fc.jsonValue(),
      arguments: fc.jsonValue(),
      call_id: fc.jsonValue(),
      output: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  const nearly = fc.record(
    {
      model: fc.oneof(fc.constant('m'), fc.jsonValue()),
      input: fc.oneof(fc.string(), fc.array(item), fc.jsonValue()),
      instructions: fc.jsonValue(),
      tools: fc.oneof(fc.constant([lookUp]), fc.jsonValue()),
      tool_choice: fc.jsonValue(),
      text: fc.oneof(fc.record({ format: fc.jsonValue() }), fc.jsonValue()),
      metadata: fc.jsonValue(),
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
        const read = readResponsesRequest(body, recall)
        if ('error' in read) expect(read.error.status).toBe(400)
        else expect(JSON.stringify(read.request.echo)).toContain('"tools"')
      },
    ),
  )
})

test.each([1_000, 50_000])('what nests %i levels deep is refused, wherever it is repeated', (levels) => {
  const deep = `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
  for (const part of [
    `"tools":[{"type":"function","name":"t","parameters":${deep}}]`,
    `"text":{"format":{"type":"json_schema","name":"s","schema":${deep}}}`,
    `"metadata":${deep}`,
  ])
    expect(readResponsesRequest(`{"model":"m","input":"x",${part}}`, recall)).toMatchObject({
      error: { status: 400, message: expect.stringContaining('nested deeper') as unknown },
    })
})
