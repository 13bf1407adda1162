import { expect, test } from 'vitest'
import { countTokens } from './count-tokens.ts'
import type { ToolDeclaration } from './messages.ts'
import { sentText, systemPrompt, userMessage } from './prompt.ts'

const tool: ToolDeclaration = {
  type: 'function',
  function: {
    name: 'orders',
    description: 'Looks up orders.',
    parameters: { type: 'object', properties: {} },
  },
}

test.each([0, 5, 100, 1000, 20_000])('system prompt and tools together count %d tokens', (tokens) => {
  expect(countTokens(systemPrompt(tokens, []))).toBe(tokens)
  const declared = countTokens(JSON.stringify([tool]))
  expect(countTokens(systemPrompt(tokens, [tool])) + declared).toBe(Math.max(tokens, declared))
})

test.each([
  ['', 40],
  ['short', 40],
  ['exactly eight tokens of text....', 8],
])('a message of «%s» is sent with %d tokens', (text, tokens) => {
  const sent = sentText(userMessage(text, tokens))
  expect(countTokens(sent)).toBe(tokens)
  expect(sent.endsWith(text)).toBe(true)
})

test('a message that is longer than assumed is sent as it is', () => {
  const text = 'a long question '.repeat(20)
  expect(sentText(userMessage(text, 10))).toBe(text)
})
