import { expect, test } from 'vitest'
import { forwardUrl, pathWithin } from './forward-url.ts'

const chat = '/v1/chat/completions'
const messages = '/v1/messages'
const gemini = '/v1beta/models/m:generateContent'
const deployment = '/openai/deployments/d/chat/completions?api-version=1'

test.each([
  ['https://api.x.com', chat, 'https://api.x.com/v1/chat/completions'],
  ['https://api.x.com/', chat, 'https://api.x.com/v1/chat/completions'],
  ['https://api.x.com/v1', chat, 'https://api.x.com/v1/chat/completions'],
  ['https://api.x.com/v1/', '/chat/completions', 'https://api.x.com/v1/chat/completions'],
  ['https://gateway/openai/v1', chat, 'https://gateway/openai/v1/chat/completions'],
  ['https://gateway/openai/v1', '/openai/v1/responses', 'https://gateway/openai/v1/responses'],
  ['https://gateway/openai', chat, 'https://gateway/openai/v1/chat/completions'],
  ['https://gateway/api/paas/v4', chat, 'https://gateway/api/paas/v4/chat/completions'],
  ['https://gateway/v1beta/openai/', chat, 'https://gateway/v1beta/openai/chat/completions'],
  ['https://gateway/v1/mine/openai', chat, 'https://gateway/v1/mine/openai/chat/completions'],
  ['https://gateway/v1/mine/anthropic', messages, 'https://gateway/v1/mine/anthropic/v1/messages'],
  ['https://gateway/anthropic', messages, 'https://gateway/anthropic/v1/messages'],
  ['https://gateway/anthropic/v1', messages, 'https://gateway/anthropic/v1/messages'],
  ['https://gateway/v1beta', gemini, 'https://gateway/v1beta/models/m:generateContent'],
  ['https://gateway/v1', gemini, 'https://gateway/v1/models/m:generateContent'],
  [
    'https://gateway/v1/mine/google',
    gemini,
    'https://gateway/v1/mine/google/v1beta/models/m:generateContent',
  ],
  ['https://x.openai.azure.com', deployment, `https://x.openai.azure.com${deployment}`],
  ['https://x.openai.azure.com/openai', deployment, `https://x.openai.azure.com${deployment}`],
  ['https://openrouter.ai/api/v1', '/api/v1/models', 'https://openrouter.ai/api/v1/models'],
  ['https://gateway/v1x', '/v1xy/z?a=/v1/b', 'https://gateway/v1x/v1xy/z?a=/v1/b'],
])('%s, asked for %s', (base, path, url) => {
  expect(forwardUrl(base, { url: pathWithin(base, path), headers: {} }).href).toBe(url)
})
