import { expect, test } from 'vitest'
import type { ModelMessage } from '../wire/model-request.ts'
import { CountTable } from './count-table.ts'
import { PromptCache } from './prompt-cache.ts'
import { charactersTokenizer as tokenizer } from './tokens/characters-tokenizer.ts'

const rule = { keepMs: 1000, leastTokens: 20, stepTokens: 10 }
/** So many tokens of text. */
const text = (letter: string, tokens: number): string => letter.repeat(4 * tokens)
const said = (role: string, words: string): ModelMessage => ({ role, text: words, characters: words.length })

function prompt(...messages: ModelMessage[]) {
  const characters = messages.reduce((sum, message) => sum + message.characters, 0)
  return { messages, tools: [], declared: '', characters }
}

const system = said('system', text('s', 35))
const first = prompt(system, said('user', text('a', 15)))

test.each([
  ['the same again', first, 500, 50],
  ['another question after the same system prompt', prompt(system, said('user', text('b', 90))), 500, 30],
  ['a conversation that goes on', prompt(...first.messages, said('assistant', text('c', 20))), 500, 50],
  ['less than is cached at all', prompt(said('system', text('s', 15))), 500, 0],
  ['another beginning', prompt(said('user', 'At 12:01. '), ...first.messages), 500, 0],
  ['too late', first, 1001, 0],
])('%s', (_, asked, nowMs, expected) => {
  const cache = new PromptCache(rule, tokenizer, 'main', new CountTable())
  expect(cache.cachedTokens(first, 0)).toBe(0)
  cache.read(first, 0)
  expect(cache.cachedTokens(asked, nowMs)).toBe(expected)
})

test('what is read again is kept longer, by the model that has read it', () => {
  const counts = new CountTable()
  const cache = new PromptCache(rule, tokenizer, 'main', counts)
  cache.read(first, 0)
  cache.read(first, 900)
  expect(cache.cachedTokens(first, 1800)).toBe(50)
  expect(new PromptCache(rule, tokenizer, 'other', counts).cachedTokens(first, 1000)).toBe(0)
})

test('what is asked to be kept for an hour is, also where it is read again without that', () => {
  const cache = new PromptCache(rule, tokenizer, 'main', new CountTable())
  cache.read(first, 0, 3_600_000)
  cache.read(first, 900)
  expect(cache.cachedTokens(first, 3_600_000)).toBe(50)
  expect(cache.cachedTokens(first, 3_600_001)).toBe(0)
})

test('tools stand before the messages, and what is kept as a length counts by it', () => {
  const cache = new PromptCache(rule, tokenizer, 'main', new CountTable())
  const tools = [{ name: 'orders', parameters: { type: 'object' } }]
  const far = { role: 'system', text: '', characters: 80, tokens: 20 }
  const declaring = (name: string) => {
    const declared = JSON.stringify({ name, description: 'of a customer, by number and date' }).padEnd(60)
    return { ...prompt(system, far), tools, declared, characters: 60 + 35 * 4 + 80 }
  }
  cache.read(declaring('orders'), 0)
  expect(cache.cachedTokens(declaring('orders'), 1)).toBe(70)
  expect(cache.cachedTokens(declaring('stocks'), 1)).toBe(0)
})
