import { expect, test } from 'vitest'
import { readGeminiRequest } from './gemini-request.ts'

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
