import { expect, test } from 'vitest'
import { modelMessage } from '../../wire/model-request.ts'
import { plainText } from '../answer-text.ts'
import { textAnswer } from '../sized-answer.ts'
import { jsonAnswer, sizedCalls } from '../sized-json.ts'
import { fixtureVocabulary } from './fixture-vocabulary.ts'
import { Tokenizers } from './tokenizers.ts'

const tokenizers = new Tokenizers()
const knowing = tokenizers.of({ file: 'knowing.json', read: () => fixtureVocabulary(true) })
const spelling = tokenizers.of({ file: 'spelling.json', read: () => fixtureVocabulary(false) })
const calls = [{ id: 'call_1', name: 'orders', arguments: '{"id":1}' }]

test('a vocabulary that has our words is known to have them', () => {
  expect(knowing.knowsOurWords).toBe(true)
  expect(textAnswer(knowing, 40, Infinity, 3)).toEqual({ text: plainText(40, 3), tokens: 40, isCut: false })
  expect(textAnswer(knowing, 40, 7, 3)).toEqual({ text: plainText(7, 3), tokens: 7, isCut: true })
  expect(knowing.count(plainText(40, 3))).toBe(40)
  const { calls: sized, tokens } = sizedCalls(knowing, calls, 60)
  expect([tokens, knowing.count(sized[0]!.arguments) + 'orders'.length]).toEqual([60, 60])
})

test('one that spells them says what it counts', () => {
  expect(spelling.knowsOurWords).toBe(false)
  const text = plainText(10, 3)
  expect(textAnswer(spelling, 10, Infinity, 3)).toEqual({ text, tokens: text.length, isCut: false })
  expect(textAnswer(spelling, 10, 8, 3)).toEqual({ text: text.slice(0, 8), tokens: 8, isCut: true })
  for (const tokens of [1, 30, 90]) {
    const json = jsonAnswer(spelling, { kind: 'json' }, tokens, 3)
    expect(json.tokens).toBe(json.text.length)
    const sized = sizedCalls(spelling, calls, tokens)
    expect(sized.tokens).toBe('orders'.length + sized.calls[0]!.arguments.length)
  }
})

test('messages and tools are laid out as open models read them', () => {
  const messages = [modelMessage('user', 'where'), modelMessage('assistant', 'here')]
  const prompt = { messages, tools: [], declared: '', characters: 9 }
  expect(spelling.countPrompt(prompt)).toBe(5 + 5 + 5 + 4 + 3)
  const tools = [{ name: 'orders', parameters: {} }]
  const declared = JSON.stringify(tools)
  expect(spelling.countPrompt({ ...prompt, tools, declared })).toBe(22 + declared.length)
})

test.each(['', '{', '[]', '{"model":{"type":"Nothing","vocab":{}}}', 'null'])(
  '%s is no vocabulary',
  (text) => {
    expect(() => tokenizers.of({ file: 'a.json', read: () => text })).toThrow(
      'a.json is no vocabulary of a model',
    )
  },
)
