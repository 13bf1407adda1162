import { expect, test } from 'vitest'
import { readChatRequest } from './openai-chat-request.ts'
import { readResponsesRequest } from './openai-responses-request.ts'

const messages = [{ role: 'user', content: 'hello' }]
const chat = (more: object, model = 'gpt-4.1', deployment?: string) =>
  readChatRequest(JSON.stringify({ model, messages, ...more }), deployment)
const responses = (more: object) =>
  readResponsesRequest(JSON.stringify({ model: 'gpt-5', input: 'hello', ...more }), () => undefined)

const closed = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
})
const word = { type: 'string' }
const open = { type: 'object', properties: { a: word } }
const oneOf = [closed({ kind: word }), closed({ name: word })]

const closedWords = "'additionalProperties' is required to be supplied and to be false."
const requiredWords = "'required' is required to be supplied and to be an array including every key in"

test.each([
  ['no object', { type: 'array', items: word }, false, `got 'type: "array"'.`],
  ['nothing', {}, false, `schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.`],
  ['no properties', { type: 'object' }, false, 'In context=(), object schema missing properties.'],
  [
    'an array of nothing, deep down',
    closed({ list: { type: 'array', items: closed({ tags: { type: 'array' } }) } }),
    false,
    "In context=('properties', 'list', 'items', 'properties', 'tags'), array schema missing items.",
  ],
  [
    'an array of nothing, among types',
    closed({ list: { type: ['null', 'array'] } }),
    false,
    "In context=('properties', 'list', 'type', '1'), array schema missing items.",
  ],
  ['a union', closed({ u: { oneOf } }), true, "In context=('properties', 'u'), 'oneOf' is not permitted."],
  ['strict and open', open, true, `In context=(), ${closedWords}`],
  ['strict and open within', closed({ in: open }), true, `In context=('properties', 'in'), ${closedWords}`],
  [
    'strict and open in an alternative',
    closed({ u: { anyOf: [{ type: 'null' }, open] } }),
    true,
    `In context=('properties', 'u', 'anyOf', '1'), ${closedWords}`,
  ],
  [
    'strict and open in a definition',
    closed({ t: { $ref: '#/$defs/t' } }, { $defs: { t: open } }),
    true,
    `In context=('$defs', 't'), ${closedWords}`,
  ],
  [
    'strict and optional',
    closed({ a: word, b: word }, { required: ['a'] }),
    true,
    `${requiredWords} properties. Missing 'b'.`,
  ],
])('a function with %s is refused', (_, parameters, strict, words) => {
  const message = expect.stringMatching(/^Invalid schema for function 'f': /) as unknown
  const code = 'invalid_function_parameters'
  const told = expect.stringContaining(words) as unknown
  const inChat = chat({ tools: [{ type: 'function', function: { name: 'f', parameters, strict } }] })
  expect(inChat).toMatchObject({
    error: { status: 400, param: 'tools[0].function.parameters', code, message },
  })
  expect(inChat).toMatchObject({ error: { message: told } })
  const inResponses = responses({ tools: [{ type: 'function', name: 'f', parameters, strict }] })
  expect(inResponses).toMatchObject({ error: { param: 'tools[0].parameters', code, message: told } })
})

test('an answer that is strict has to be closed; one that is not may be anything', () => {
  const chatFormat = (strict: boolean | null, schema: object) =>
    chat({ response_format: { type: 'json_schema', json_schema: { name: 'out', strict, schema } } })
  const message = `Invalid schema for response_format 'out': In context=(), ${closedWords}`
  expect(chatFormat(true, open)).toMatchObject({ error: { param: 'response_format', code: null, message } })
  expect(chatFormat(true, { anyOf: oneOf })).toMatchObject({
    error: { message: expect.stringContaining(`got 'type: "None"'`) as unknown },
  })
  expect(chatFormat(null, open)).toHaveProperty('request')
  const format = { type: 'json_schema', name: 'out', strict: true, schema: open }
  expect(responses({ text: { format } })).toMatchObject({
    error: { param: 'text.format.schema', code: 'invalid_json_schema', message },
  })
})

test('what OpenAI takes is taken: a schema that refers to itself, alternatives, a function without arguments', () => {
  const tree = closed({ name: word, kids: { type: 'array', items: { $ref: '#/$defs/tree' } } })
  const parameters = closed(
    { root: { $ref: '#/$defs/tree' }, u: { anyOf: [closed({ kind: word }), { type: 'null' }] } },
    { $defs: { tree } },
  )
  const tools = [
    { type: 'function', name: 'f', parameters, strict: true },
    { type: 'function', name: 'g', parameters: { type: 'object', properties: {} } },
    { type: 'function', name: 'h' },
  ]
  expect(responses({ tools })).toHaveProperty('request')
})

test('models of others and of routers are asked with any schema, deployments of Azure as OpenAI’s own', () => {
  const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }]
  for (const model of ['llama-4', 'gpt-oss-120b', 'openai/gpt-4.1-mini', 'azure/gpt-5']) {
    expect(chat({ tools }, model)).toHaveProperty('request')
    expect(chat({ parallel_tool_calls: true }, model)).toHaveProperty('request')
  }
  expect(chat({ tools }, 'ft:gpt-4.1-mini:acme::1')).toHaveProperty('error')
  expect(chat({ parallel_tool_calls: true })).toHaveProperty('error')
  expect(chat({ tools }, 'any', 'our-deployment')).toHaveProperty('error')
  for (const deployment of ['Llama-4', 'mistral-large', 'DeepSeek-R1', 'grok-4', 'Phi-4', 'gpt-oss-120b'])
    expect(chat({ tools }, 'any', deployment)).toHaveProperty('request')
})

test('a union that is not strict is taken', () => {
  const declared = { name: 'f', parameters: closed({ u: { oneOf } }), strict: false }
  expect(chat({ tools: [{ type: 'function', function: declared }] })).toHaveProperty('request')
  expect(responses({ tools: [{ type: 'function', ...declared }] })).toHaveProperty('request')
})
