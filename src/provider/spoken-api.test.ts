import { expect, test } from 'vitest'
import { apiOf } from './spoken-api.ts'

const passedOn = { 'anthropic-version': '2023-06-01', 'x-goog-api-key': 'any' }

test.each([
  ['/v1/chat/completions', 'openai'],
  ['/chat/completions', 'openai'],
  ['/v1/responses/resp_1?include=x', 'openai'],
  ['/v1/embeddings', 'openai'],
  ['/openai/deployments/a-model/chat/completions?api-version=1', 'openai'],
  ['/openai/v1/responses', 'openai'],
  ['/v1/messages', 'anthropic'],
  ['/model/any/converse', 'bedrock'],
])('%s is of %s, whatever headers are passed on', (url, api) => {
  expect(apiOf({ url, headers: {} })).toBe(api)
  expect(apiOf({ url, headers: passedOn })).toBe(api)
})

test.each([
  [{ 'anthropic-version': '2023-06-01' }, 'anthropic'],
  [{ 'x-goog-api-key': 'any' }, 'gemini'],
  [{}, 'openai'],
])('of the list of models, which several have, headers tell: %j', (headers, api) => {
  expect(apiOf({ url: '/v1/models', headers })).toBe(api)
})
