import { expect, test } from 'vitest'
import { mostTokensName } from './openai-model-rules.ts'
import { readChatRequest } from './openai-chat-request.ts'
import { readResponsesRequest } from './openai-responses-request.ts'

const messages = [{ role: 'user', content: 'hello' }]
const chat = (model: string, more: object) => readChatRequest(JSON.stringify({ model, messages, ...more }))
const responses = (model: string, more: object) =>
  readResponsesRequest(JSON.stringify({ model, input: 'hello', ...more }), () => undefined)
const include = ['message.output_text.logprobs']

test.each([
  ['gpt-5-mini', { max_tokens: 5 }, 'max_tokens', "Use 'max_completion_tokens' instead."],
  ['gpt-5.1', { max_tokens: 5 }, 'max_tokens', 'is not supported with this model.'],
  ['o4-mini', { max_tokens: 5 }, 'max_tokens', 'is not supported with this model.'],
  [
    'gpt-5',
    { temperature: 0.2 },
    'temperature',
    'does not support 0.2 with this model. Only the default (1)',
  ],
  ['o3-2025-04-16', { temperature: 0 }, 'temperature', 'does not support 0 with this model.'],
  ['gpt-5.6-terra', { top_p: 0.5 }, 'top_p', 'is not supported with this model.'],
  ['gpt-5-nano', { stop: ['Observation:'] }, 'stop', 'is not supported with this model.'],
  ['o3', { logprobs: true }, 'logprobs', 'is not supported with this model.'],
])('Chat Completions: %s is not asked with %j', (model, more, param, words) => {
  const code = param === 'temperature' ? 'unsupported_value' : 'unsupported_parameter'
  const message = expect.stringContaining(words) as unknown
  expect(chat(model, more)).toMatchObject({ error: { status: 400, param, code, message } })
})

test.each([
  ['gpt-4.1', { max_tokens: 5, temperature: 0, top_p: 0.5, stop: 'x', logprobs: true }],
  ['gpt-5-chat-latest', { max_tokens: 5, temperature: 0 }],
  ['gpt-5', { max_completion_tokens: 50, temperature: 1, top_p: 1, stop: null }],
  ['gpt-5.2', { temperature: 0.5 }],
  ['gpt-5.6', { temperature: 0.5, reasoning_effort: 'none' }],
  ['o1', { stop: 'x' }],
  ['orca-2', { max_tokens: 5, temperature: 0 }],
  ['openai/gpt-5', { max_tokens: 5, temperature: 0, stop: 'x' }],
])('Chat Completions: %s is asked with %j', (model, more) => {
  expect(chat(model, more)).toHaveProperty('request')
})

test.each([
  ['gpt-5', { temperature: 0.2 }, 'temperature', null],
  ['gpt-5.2-codex', { temperature: 0 }, 'temperature', null],
  ['o4-mini', { top_p: 0.5 }, 'top_p', null],
  ['gpt-5', { include }, 'include', 'unsupported_parameter'],
])('Responses: %s is not asked with %j', (model, more, param, code) => {
  expect(responses(model, more)).toMatchObject({ error: { status: 400, param, code } })
})

test.each([
  ['gpt-4.1', { temperature: 0, include }],
  ['gpt-5', { temperature: 1 }],
  ['openai/gpt-5', { temperature: 0.2, include }],
  ['gpt-5.6', { temperature: 0, reasoning: { effort: 'none' } }],
])('Responses: %s is asked with %j', (model, more) => {
  expect(responses(model, more)).toHaveProperty('request')
})

test.each([
  ['gpt-5', 'max_completion_tokens'],
  ['gpt-4.1', 'max_tokens'],
  ['openai/gpt-5', 'max_tokens'],
])('the most tokens of %s are %s', (model, name) => {
  expect(mostTokensName(model)).toBe(name)
})
