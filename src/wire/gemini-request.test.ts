import { expect, test } from 'vitest'
import { readGeminiRequest } from './gemini-request.ts'
import { signatureOfCall } from './gemini-signature.ts'

const user = { role: 'user', parts: [{ text: 'hi' }] }
const stock = { name: 'stock' }

const call = (thoughtSignature?: string) => ({
  functionCall: { name: 'stock', args: {} },
  ...(thoughtSignature ? { thoughtSignature } : {}),
})
const model = (...parts: object[]) => ({ role: 'model', parts })
const answered = (calls = 1) => ({
  role: 'user',
  parts: Array.from({ length: calls }, () => ({ functionResponse: { name: 'stock', response: {} } })),
})
const read = (name: string, contents: object[]) =>
  readGeminiRequest(JSON.stringify({ contents }), { model: name, stream: false })

test.each([
  ['gemini-3.5-flash', [user, model(call()), answered()], 2],
  ['gemini-3-pro-preview', [user, model(call('a')), answered(), model(call()), answered()], 4],
  ['gemini-4-argon', [user, model({ text: 'so' }, call(), call('b')), answered(2)], 2],
])('%s: the first call of a step without its signature is refused: %j', (name, contents, position) => {
  const words = `Additional data, function call \`default_api:stock\` , position ${position}.`
  expect(read(name, contents)).toMatchObject({
    error: { status: 400, message: expect.stringContaining(words) as unknown },
  })
})

test.each([
  ['gemini-2.5-flash', [user, model(call()), answered()]],
  ['gemini-3.5-flash', [user, model(call('a'), call()), answered(2)]],
  ['gemini-3.5-flash', [user, model(call()), answered(), model({ text: 'there' }), user]],
  ['gemini-3.5-flash', [user, model({ ...call(), thought_signature: 'a' }), answered()]],
  ['gemini-3.5-flash', [user, model({ text: 'so' }), model(call('a')), model(call()), answered(2)]],
])('%s: and nothing that Gemini takes: %j', (name, contents) => {
  expect(read(name, contents)).toHaveProperty('request')
})

test.each([
  [
    { contents: [user, { role: 'model', parts: [] }, user] },
    'contents[1].parts: contents.parts must not be empty',
  ],
  [
    { contents: [user], tools: [{ functionDeclarations: [stock, stock] }] },
    'Duplicate function declaration found',
  ],
])('refuses %j', (body, words) => {
  expect(readGeminiRequest(JSON.stringify(body), { model: 'm', stream: false })).toMatchObject({
    error: { status: 400, message: expect.stringContaining(words) as unknown },
  })
})

const flash = 'gemini-2.5-flash'
const empty = { type: 'OBJECT', properties: {} }
const declared = (parameters?: object) => ({ tools: [{ functionDeclarations: [{ ...stock, parameters }] }] })
const asJson = { generationConfig: { responseMimeType: 'application/json' } }
const ask = (more: object, name = flash, isVertex = false) =>
  readGeminiRequest(JSON.stringify({ contents: [user], ...more }), { model: name, stream: false, isVertex })

test.each([
  ['functions and JSON', { ...declared(), ...asJson }, 'Function calling with a response mime type:'],
  [
    'a schema of no JSON',
    { generation_config: { response_schema: { type: 'STRING' } } },
    "Response_schema with a response mime type 'text/plain' is unsupported",
  ],
  [
    'an object of nothing',
    declared(empty),
    'tools[0].function_declarations[0].parameters.properties: should be non-empty for OBJECT type',
  ],
  [
    'a call that follows nothing',
    { contents: [model(call()), answered()] },
    'Please ensure that function call turn comes immediately after a user turn',
  ],
  [
    'a call behind words that follow nothing',
    { contents: [model({ text: 'so' }), model(call()), answered()] },
    'Please ensure that function call turn comes immediately after a user turn',
  ],
])('Gemini refuses %s', (_, more, words) => {
  expect(ask(more)).toMatchObject({
    error: { status: 400, message: expect.stringContaining(words) as unknown },
  })
})

test('what only some models or paths refuse is taken by the others', () => {
  for (const name of ['gemini-2.0-flash', 'gemini-3.5-flash', 'gemma-4'])
    expect(ask({ ...declared(), ...asJson }, name)).toHaveProperty('request')
  expect(ask(declared(empty), flash, true)).toHaveProperty('request')
  expect(ask(declared({ type: 'OBJECT', additionalProperties: true }))).toHaveProperty('request')
  const json = {
    functionDeclarations: [{ ...stock, parametersJsonSchema: { type: 'object', properties: {} } }],
  }
  expect(ask({ tools: [json] })).toHaveProperty('request')
})

test.each([
  ['an object of nothing within', declared({ type: 'OBJECT', properties: { meta: { type: 'OBJECT' } } })],
  ['a schema that is null', { generationConfig: { responseSchema: null } }],
  [
    'a turn of the model in several contents',
    {
      contents: [user, model({ text: 'so' }), model(call()), model(call()), model({ text: '' }), answered(2)],
    },
  ],
])('%s is taken', (_, more) => {
  expect(ask(more)).toHaveProperty('request')
})

test('results that have no ids are of the calls of the whole turn, in order', () => {
  const signed = ['a', 'b'].map((id) => model(call(signatureOfCall(`call_${id}`))))
  const asked = read(flash, [user, ...signed, model({ text: '' }), answered(2)])
  const ids = 'request' in asked ? asked.request.messages.map(({ toolCallId }) => toolCallId) : []
  expect(ids.slice(-2)).toEqual(['call_a', 'call_b'])
})
