import { expect, test } from 'vitest'
import { readChatRequest } from './openai-chat-request.ts'
import { readResponsesRequest } from './openai-responses-request.ts'

const readers = {
  chat: (more: object) =>
    readChatRequest(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }], ...more })),
  responses: (more: object) =>
    readResponsesRequest(JSON.stringify({ model: 'm', input: 'hello', ...more }), () => undefined),
}
const five = ['a', 'b', 'c', 'd', 'e']

test.each([
  ['chat', { temperature: 2.5 }, 'decimal_above_max_value', 'Expected a value <= 2, but got 2.5 instead.'],
  ['chat', { temperature: -1 }, 'decimal_below_min_value', 'Expected a value >= 0, but got -1 instead.'],
  ['chat', { temperature: 'hot' }, 'invalid_type', "Invalid type for 'temperature': expected a decimal"],
  ['chat', { top_p: 5 }, 'decimal_above_max_value', "Invalid 'top_p': decimal above maximum value."],
  ['chat', { presence_penalty: -3 }, 'decimal_below_min_value', 'Expected a value >= -2, but got -3'],
  ['chat', { frequency_penalty: 3 }, 'decimal_above_max_value', 'Expected a value <= 2, but got 3'],
  ['chat', { n: 0 }, 'integer_below_min_value', "Invalid 'n': integer below minimum value."],
  ['chat', { max_tokens: 0 }, 'integer_below_min_value', 'Expected a value >= 1, but got 0 instead.'],
  ['chat', { top_logprobs: -1 }, 'integer_below_min_value', 'Expected a value >= 0, but got -1 instead.'],
  ['chat', { logprobs: true, top_logprobs: 21 }, null, "'top_logprobs': must be less than or equal to 20."],
  ['chat', { top_logprobs: 1 }, null, "parameter is only allowed when 'logprobs' is enabled."],
  ['chat', { stop: five }, 'array_above_max_length', 'maximum length 4, but got an array with length 5'],
  ['chat', { stop: 7 }, 'invalid_type', "Invalid type for 'stop'"],
  ['chat', { stop: ['a', 7] }, 'invalid_type', "Invalid type for 'stop[1]'"],
  ['responses', { temperature: 2.5 }, 'decimal_above_max_value', 'Expected a value <= 2'],
  ['responses', { top_p: -1 }, 'decimal_below_min_value', 'Expected a value >= 0'],
  [
    'responses',
    { top_logprobs: 50 },
    'integer_above_max_value',
    'Expected a value <= 20, but got 50 instead.',
  ],
  ['responses', { max_output_tokens: 8 }, 'integer_below_min_value', 'Expected a value >= 16, but got 8'],
] as const)('%s: %j is refused as OpenAI does', (api, more, code, words) => {
  const param = expect.stringMatching(Object.keys(more).at(-1)!) as unknown
  const message = expect.stringContaining(words) as unknown
  expect(readers[api](more)).toMatchObject({ error: { status: 400, param, code, message } })
})

test.each([
  ['chat', { temperature: 0, top_p: 1, presence_penalty: -2, frequency_penalty: 2, n: 1, max_tokens: 1 }],
  ['chat', { temperature: null, stop: null, top_logprobs: 0 }],
  ['chat', { logprobs: true, top_logprobs: 20, stop: five.slice(1) }],
  ['chat', { stop: 'end' }],
  ['responses', { temperature: 2, top_p: 0, top_logprobs: 20, max_output_tokens: 16 }],
] as const)('%s: %j is taken', (api, more) => {
  expect(readers[api](more)).toHaveProperty('request')
})

test('Chat Completions take 128 tools', () => {
  const tool = { type: 'function', function: { name: 'look_up' } }
  const read = (count: number) => readers.chat({ tools: Array.from({ length: count }, () => tool) })
  expect(read(128)).toHaveProperty('request')
  const message = expect.stringContaining('maximum length 128, but got an array with length 129') as unknown
  expect(read(129)).toMatchObject({ error: { param: 'tools', code: 'array_above_max_length', message } })
})
