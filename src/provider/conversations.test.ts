import { expect, test } from 'vitest'
import { Conversations } from './conversations.ts'
import { charactersTokenizer as tokenizer } from './tokens/characters-tokenizer.ts'

const said = (text: string, role = 'user') => ({ role, text, characters: text.length })

test('a conversation is recalled by its name', () => {
  const conversations = new Conversations(10_000)
  conversations.remember('a', { messages: [said('hello'), said('good day', 'assistant')] }, tokenizer)
  expect(conversations.recall('a')?.messages).toEqual([said('hello'), said('good day', 'assistant')])
  expect(conversations.recall('b')).toBeUndefined()
})

test('the oldest are forgotten once all together are too long', () => {
  const conversations = new Conversations(10_000)
  for (const id of ['a', 'b', 'c', 'd'])
    conversations.remember(id, { messages: [said('x'.repeat(2_000))] }, tokenizer)
  expect(['a', 'b', 'c', 'd'].map((id) => conversations.recall(id) !== undefined)).toEqual([
    false,
    true,
    true,
    true,
  ])
  conversations.remember('e', { messages: [said('x'.repeat(20_000))] }, tokenizer)
  expect(conversations.recall('d')).toBeUndefined()
})

test('of a long conversation the end is kept, and of the rest how much it was', () => {
  const conversations = new Conversations(1_000_000)
  const last = said('thanks')
  const messages = [said('y'.repeat(50_000)), said('x'.repeat(70_000)), last]
  conversations.remember('a', { messages }, tokenizer)
  expect(conversations.recall('a')?.messages).toEqual([
    { role: 'system', text: '', characters: 120_000, tokens: 30_000 },
    last,
  ])
})

test('responses are forgotten before the conversations that they end', () => {
  const conversations = new Conversations(10_000)
  const response = (id: string) => ({
    body: 'x'.repeat(500),
    head: { id, createdSeconds: 0, model: 'm' },
    answer: { text: 'good day', toolCalls: [], finish: 'stop' as const },
    usage: { inputTokens: 1, cachedTokens: 0, outputTokens: 1 },
  })
  for (const id of ['a', 'b'])
    conversations.remember(id, { messages: [said('hello')] }, tokenizer, response(id))
  expect(['a', 'b'].map((id) => conversations.response(id)?.head.id)).toEqual([undefined, 'b'])
  expect(['a', 'b'].map((id) => conversations.recall(id)?.messages.length)).toEqual([1, 1])
  conversations.forget('b')
  expect([conversations.recall('b'), conversations.response('b')]).toEqual([undefined, undefined])
})
