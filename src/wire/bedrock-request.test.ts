import { expect, test } from 'vitest'
import { readConverseRequest } from './bedrock-request.ts'

const said = (role: string, ...content: object[]) => ({ role, content })
const user = said('user', { text: 'hi' })
const called = said('assistant', { toolUse: { toolUseId: 'a', name: 'look_up', input: {} } })
const result = said('user', { toolResult: { toolUseId: 'a', content: [{ text: 'done' }] } })

test.each([
  [[said('assistant', { text: 'hi' })], 'must start with a user message'],
  [[user, user], 'must alternate between user and assistant roles'],
  [[said('user')], 'The content field in the Message object at messages.0 is empty'],
  [[said('user', { text: 'hi' }, { text: ' ' })], 'messages.0.content.1 is blank'],
  [[user, called, result], 'The toolConfig field must be defined'],
])('a conversation that Converse does not take is refused: %j', (messages, words) => {
  expect(readConverseRequest(JSON.stringify({ messages }), { model: 'm', stream: false })).toMatchObject({
    error: { status: 400, message: expect.stringContaining(words) as unknown },
  })
})
