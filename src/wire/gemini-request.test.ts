import { expect, test } from 'vitest'
import { readGeminiRequest } from './gemini-request.ts'

const user = { role: 'user', parts: [{ text: 'hi' }] }
const stock = { name: 'stock' }

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
