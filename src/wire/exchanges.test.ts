import { expect, test } from 'vitest'
import { readMessagesRequest } from './anthropic-request.ts'
import { readConverseRequest } from './bedrock-request.ts'
import { readGeminiRequest } from './gemini-request.ts'
import { modelMessage, type ModelMessage } from './model-request.ts'
import { readChatRequest } from './openai-chat-request.ts'
import { readResponsesRequest } from './openai-responses-request.ts'

/** What is said, in turn: the user's words, calls by their ids, results by the ids of their calls. */
type Said = 'words' | { readonly calls: readonly string[] } | { readonly results: readonly string[] }

const path = { model: 'm', stream: false }

const called = { name: 'look_up', arguments: '{}' }

/** How each API says it. */
const apis = {
  chat(said: readonly Said[]) {
    const messages = said.flatMap((each): object[] => {
      if (each === 'words') return [{ role: 'user', content: 'hi' }]
      if ('results' in each)
        return each.results.map((id) => ({ role: 'tool', tool_call_id: id, content: 'done' }))
      const tool_calls = each.calls.map((id) => ({ id, type: 'function', function: called }))
      return [{ role: 'assistant', content: null, tool_calls }]
    })
    return readChatRequest(JSON.stringify({ model: 'm', messages }))
  },
  responses(said: readonly Said[], earlier: readonly ModelMessage[] = []) {
    const input = said.flatMap((each): object[] => {
      if (each === 'words') return [{ role: 'user', content: 'hi' }]
      if ('calls' in each) return each.calls.map((id) => ({ type: 'function_call', call_id: id, ...called }))
      return each.results.map((id) => ({ type: 'function_call_output', call_id: id, output: 'done' }))
    })
    const body = { model: 'm', input, previous_response_id: 'resp_a' }
    return readResponsesRequest(JSON.stringify(body), () => earlier)
  },
  anthropic(said: readonly Said[]) {
    const messages = said.map((each) => {
      if (each === 'words') return { role: 'user', content: 'hi' }
      if ('results' in each)
        return { role: 'user', content: each.results.map((id) => ({ type: 'tool_result', tool_use_id: id })) }
      const content = each.calls.map((id) => ({ type: 'tool_use', id, name: 'look_up', input: {} }))
      return { role: 'assistant', content }
    })
    return readMessagesRequest(JSON.stringify({ model: 'm', max_tokens: 9, messages }))
  },
  bedrock(said: readonly Said[]) {
    const messages = said.map((each) => {
      if (each === 'words') return { role: 'user', content: [{ text: 'hi' }] }
      if ('results' in each) {
        const content = each.results.map((toolUseId) => ({ toolResult: { toolUseId, content: [] } }))
        return { role: 'user', content }
      }
      const content = each.calls.map((toolUseId) => ({ toolUse: { toolUseId, name: 'look_up', input: {} } }))
      return { role: 'assistant', content }
    })
    return readConverseRequest(JSON.stringify({ messages, toolConfig: { tools: [] } }), path)
  },
  gemini(said: readonly Said[]) {
    const contents = said.map((each) => {
      if (each === 'words') return { role: 'user', parts: [{ text: 'hi' }] }
      if ('calls' in each)
        return { role: 'model', parts: each.calls.map(() => ({ functionCall: { name: 'look_up' } })) }
      return { role: 'user', parts: each.results.map(() => ({ functionResponse: { name: 'look_up' } })) }
    })
    return readGeminiRequest(JSON.stringify({ contents }), path)
  },
}

const two = { calls: ['call_a', 'call_b'] }
const [a, b] = [{ results: ['call_a'] }, { results: ['call_b'] }]
const both = { results: ['call_b', 'call_a'] }

test.each(Object.entries(apis))('%s: calls that are answered are taken', (_, read) => {
  expect(read(['words', two, both, { calls: ['call_c'] }, { results: ['call_c'] }])).toHaveProperty('request')
})

test.each(['chat', 'responses', 'anthropic', 'gemini'] as const)('%s: also one by one', (api) => {
  expect(apis[api](['words', two, b, a, 'words'])).toHaveProperty('request')
})

test.each([
  ['chat', ['words', a], "role 'tool' must be a response to a preceeding message", 'messages.[1].role'],
  [
    'chat',
    ['words', two, a, { results: ['x'] }, b],
    "'tool_call_id' of 'x' not found",
    'messages.[3].tool_call_id',
  ],
  ['chat', ['words', two, a, 'words'], 'did not have response messages: call_b', 'messages.[1].role'],
  ['chat', ['words', two], 'did not have response messages: call_a, call_b', 'messages.[1].role'],
  ['responses', ['words', a], 'No tool call found for function call output with call_id call_a.', 'input'],
  ['responses', ['words', two, 'words', a], 'No tool output found for function call call_b.', 'input'],
  ['anthropic', ['words', a], 'messages.1.content.0: unexpected `tool_use_id`', 'messages.1.content.0'],
  ['anthropic', ['words', two, a, 'words'], 'messages.1: `tool_use` ids were found without', 'messages.1'],
  ['bedrock', [a], 'toolResult blocks at messages.0.content exceeds', 'messages.0.content'],
  ['bedrock', ['words', two, a], 'messages.2.content for the following Ids: call_b', 'messages.2.content'],
  ['gemini', ['words', a], 'function response turn comes immediately after', 'contents'],
  ['gemini', ['words', two, a], 'number of function response parts is equal', 'contents'],
] as const)('%s refuses %j', (api, said, words, param) => {
  expect(apis[api](said)).toMatchObject({
    error: { status: 400, message: expect.stringContaining(words) as unknown, param },
  })
})

test('a result answers what an earlier response called, and what nobody knows any more', () => {
  const earlier = modelMessage('assistant', '', { called: [{ id: 'call_a', ...called }] })
  expect(apis.responses([a], [earlier])).toHaveProperty('request')
  expect(apis.responses(['words'], [earlier])).toHaveProperty('error')
  expect(apis.responses([a], [{ role: 'system', text: '', characters: 0, tokens: 9 }])).toHaveProperty(
    'request',
  )
})
