import { expect, test } from 'vitest'
import { readMessagesRequest } from './anthropic-request.ts'
import { readConverseRequest } from './bedrock-request.ts'
import { readGeminiRequest } from './gemini-request.ts'
import { modelMessage, type ModelMessage } from './model-request.ts'
import { readChatRequest } from './openai-chat-request.ts'
import { readResponsesRequest } from './openai-responses-request.ts'

/** What is said, in turn: the user's words, calls by their ids, a result by the id of its call. */
type Said = 'words' | { readonly calls: readonly string[] } | { readonly result: string }

const path = { model: 'm', stream: false }

/** How each API says it, a message each. */
const apis = {
  chat(said: readonly Said[]) {
    const messages = said.map((each) => {
      if (each === 'words') return { role: 'user', content: 'hi' }
      if ('result' in each) return { role: 'tool', tool_call_id: each.result, content: 'done' }
      const called = { name: 'look_up', arguments: '{}' }
      const tool_calls = each.calls.map((id) => ({ id, type: 'function', function: called }))
      return { role: 'assistant', content: null, tool_calls }
    })
    return readChatRequest(JSON.stringify({ model: 'm', messages }))
  },
  responses(said: readonly Said[], earlier: readonly ModelMessage[] = []) {
    const input = said.flatMap((each): object[] => {
      if (each === 'words') return [{ role: 'user', content: 'hi' }]
      if ('result' in each) return [{ type: 'function_call_output', call_id: each.result, output: 'done' }]
      return each.calls.map((id) => ({
        type: 'function_call',
        call_id: id,
        name: 'look_up',
        arguments: '{}',
      }))
    })
    const body = { model: 'm', input, previous_response_id: 'resp_a' }
    return readResponsesRequest(JSON.stringify(body), () => earlier)
  },
  anthropic(said: readonly Said[]) {
    const messages = said.map((each) => {
      if (each === 'words') return { role: 'user', content: 'hi' }
      if ('result' in each)
        return { role: 'user', content: [{ type: 'tool_result', tool_use_id: each.result, content: 'done' }] }
      const content = each.calls.map((id) => ({ type: 'tool_use', id, name: 'look_up', input: {} }))
      return { role: 'assistant', content }
    })
    return readMessagesRequest(JSON.stringify({ model: 'm', max_tokens: 9, messages }))
  },
  bedrock(said: readonly Said[]) {
    const messages = said.map((each) => {
      if (each === 'words') return { role: 'user', content: [{ text: 'hi' }] }
      if ('result' in each)
        return {
          role: 'user',
          content: [{ toolResult: { toolUseId: each.result, content: [{ text: 'a' }] } }],
        }
      const content = each.calls.map((toolUseId) => ({ toolUse: { toolUseId, name: 'look_up', input: {} } }))
      return { role: 'assistant', content }
    })
    return readConverseRequest(JSON.stringify({ messages }), path)
  },
  gemini(said: readonly Said[]) {
    const contents = said.map((each) => {
      if (each === 'words') return { role: 'user', parts: [{ text: 'hi' }] }
      if ('result' in each)
        return { role: 'user', parts: [{ functionResponse: { name: 'look_up', response: {} } }] }
      return { role: 'model', parts: each.calls.map(() => ({ functionCall: { name: 'look_up', args: {} } })) }
    })
    return readGeminiRequest(JSON.stringify({ contents }), path)
  },
}

const two = { calls: ['call_a', 'call_b'] }
const [a, b] = [{ result: 'call_a' }, { result: 'call_b' }]

test.each(Object.entries(apis))('%s: calls that are answered are taken', (_, read) => {
  expect(read(['words', two, b, a, 'words', { calls: ['call_c'] }, { result: 'call_c' }])).toHaveProperty(
    'request',
  )
})

test.each([
  ['chat', ['words', a], "role 'tool' must be a response to a preceeding message", 'messages.[1].role'],
  [
    'chat',
    ['words', two, a, { result: 'x' }, b],
    "'tool_call_id' of 'x' not found",
    'messages.[3].tool_call_id',
  ],
  ['chat', ['words', two, a, 'words'], 'did not have response messages: call_b', 'messages.[1].role'],
  ['chat', ['words', two], 'did not have response messages: call_a, call_b', 'messages.[1].role'],
  ['responses', ['words', a], 'No tool call found for function call output with call_id call_a.', 'input'],
  ['responses', ['words', two, 'words', a], 'No tool output found for function call call_b.', 'input'],
  ['anthropic', ['words', a], 'messages.1.content.0: unexpected `tool_use_id`', 'messages.1.content.0'],
  ['anthropic', ['words', two, a, 'words'], 'messages.1: `tool_use` ids were found without', 'messages.1'],
  ['bedrock', ['words', a], 'toolResult blocks at messages.1.content exceeds', 'messages.1.content'],
  ['bedrock', ['words', two, a], 'messages.2.content for the following Ids: call_b', 'messages.2.content'],
  ['gemini', ['words', a], 'function response turn comes immediately after', 'contents'],
  ['gemini', ['words', two, a], 'number of function response parts is equal', 'contents'],
] as const)('%s refuses %j', (api, said, words, param) => {
  expect(apis[api](said)).toMatchObject({
    error: { status: 400, message: expect.stringContaining(words) as unknown, param },
  })
})

test('a result answers what an earlier response called, and what nobody knows any more', () => {
  const called = modelMessage('assistant', '', {
    called: [{ id: 'call_a', name: 'look_up', arguments: '{}' }],
  })
  expect(apis.responses([a], [called])).toHaveProperty('request')
  expect(apis.responses(['words'], [called])).toHaveProperty('error')
  expect(apis.responses([a], [{ role: 'system', text: '', characters: 0, tokens: 9 }])).toHaveProperty(
    'request',
  )
})
