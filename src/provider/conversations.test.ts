import { expect, test } from 'vitest'
import { Conversations } from './conversations.ts'
import { charactersTokenizer as tokenizer } from './tokens/characters-tokenizer.ts'

const said = (text: string, role = 'user') => ({ role, text, characters: text.length })

test('a conversation is recalled by its name', () => {
  const conversations = new Conversations(10_000)
  conversations.remember('a', [said('hello'), said('good day', 'assistant')], tokenizer)
  expect(conversations.recall('a')?.messages).toEqual([said('hello'), said('good day', 'assistant')])
  expect(conversations.recall('b')).toBeUndefined()
})

test('the oldest are forgotten once all together are too long', () => {
  const conversations = new Conversations(10_000)
  for (const id of ['a', 'b', 'c', 'd']) conversations.remember(id, [said('x'.repeat(2_000))], tokenizer)
  expect(['a', 'b', 'c', 'd'].map((id) => conversations.recall(id) !== undefined)).toEqual([
    false,
    true,
    true,
    true,
  ])
  conversations.remember('e', [said('x'.repeat(20_000))], tokenizer)
  expect(conversations.recall('d')).toBeUndefined()
})

test('of a long conversation the end is kept, and of the rest how much it was', () => {
  const conversations = new Conversations(1_000_000)
  const last = said('thanks')
  conversations.remember('a', [said('y'.repeat(50_000)), said('x'.repeat(70_000)), last], tokenizer)
  expect(conversations.recall('a')?.messages).toEqual([
    { role: 'system', text: '', characters: 120_000, tokens: 30_000 },
    last,
  ])
})
