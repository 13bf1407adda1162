import fc from 'fast-check'
import { get_encoding } from 'tiktoken'
import { describe, expect, test } from 'vitest'
import { modelMessage, type Prompt, promptCharacters } from '../../wire/model-request.ts'
import { openings, pad, paddedJson, plainText, words } from '../answer-text.ts'
import { jsonAnswer, sizedCalls } from '../sized-json.ts'
import { longestRun } from './text-blocks.ts'
import { Tokenizers } from './tokenizers.ts'

const tokenizers = new Tokenizers()
const seeded = { seed: 6, numRuns: 60 }
const seeds = fc.integer({ min: 0, max: 2 ** 31 })

/** OpenAI's own, in WebAssembly. */
const official = (name: 'o200k_base' | 'cl100k_base') => {
  const encoding = get_encoding(name)
  return (text: string): number[] => [...encoding.encode(text, [], [])]
}

const says = [
  '',
  'Hello, world! It’s 12:01, isn’t it? I’ll say "don\'t".',
  'naïve café, Ünïcödé, 你好，世界。これは日本語の文です。 안녕하세요 🙂👩‍👩‍👧‍👦',
  'const x = { a: [1, 22, 333, 4444], b: `tick` }\n\n\tif (x) { return }\r\n',
  'control <|endoftext|> and <|im_start|> are text like any other',
  '   leading, trailing   \n \t ',
]

const schemaKeys = ['type', 'properties', 'required', 'items', 'enum', 'description', 'a', 'anyOf']

describe.each(['o200k_base', 'cl100k_base'] as const)('%s', (name) => {
  const tokenizer = tokenizers.of(name)
  const truth = official(name)

  test.each(says)('%j is counted as the official tokenizer counts it', (text) => {
    expect(tokenizer.count(text)).toBe(truth(text).length)
    expect(tokenizer.prefix(text, 1e6)).toBe(text)
  })

  test('so is any text, and any long one, which is counted in blocks', () => {
    const part = fc.oneof(fc.constantFrom(...says), fc.string({ unit: 'grapheme' }), fc.lorem())
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(' '))
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (some, times) => {
        const long = Array.from({ length: times }, (_, i) => `${some} ${i}`).join(', ')
        expect(tokenizer.count(long)).toBe(truth(long).length)
      }),
      seeded,
    )
  })

  test('each word of an answer is one token, wherever it stands', () => {
    for (const word of words) expect([word, truth(` ${word}`).length]).toEqual([word, 1])
    for (const word of openings) expect([word, truth(word).length]).toEqual([word, 1])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), seeds, fc.nat(400), (tokens, seed, cut) => {
        const text = plainText(tokens, seed)
        expect(text).toHaveLength(4 * tokens)
        expect(truth(text)).toHaveLength(tokens)
        expect(truth(text.slice(0, 4 * cut))).toHaveLength(Math.min(cut, tokens))
        expect(tokenizers.of('characters').count(text)).toBe(tokens)
      }),
      seeded,
    )
    expect(truth(plainText(25_000, 3))).toHaveLength(25_000)
  })

  test('white space that makes JSON longer is one token, however often', () => {
    for (const times of [1, 2, 3, 7, 40, 200])
      for (const json of ['{"a":"b"}', '{"a":1}', '[{"a":true}]'])
        expect(truth(paddedJson(json, times)).length).toBe(truth(paddedJson(json, 1)).length + times - 1)
    expect(pad).toHaveLength(4)
  })

  test('calls and answers in JSON have the tokens that they are said to have: those asked for, or more', () => {
    const call = fc.record({
      id: fc.constant('call_1'),
      name: fc.stringMatching(/^[a-z_]{1,20}$/),
      arguments: fc
        .dictionary(fc.string({ unit: 'grapheme', maxLength: 9 }), fc.jsonValue({ maxDepth: 1 }), {
          maxKeys: 4,
        })
        .map((value) => JSON.stringify(value)),
    })
    fc.assert(
      fc.property(
        fc.array(call, { minLength: 1, maxLength: 3 }),
        fc.nat(300),
        seeds,
        (calls, tokens, seed) => {
          const sized = sizedCalls(tokenizer, calls, tokens)
          const sent = sized.calls.map((each) => truth(each.name).length + truth(each.arguments).length)
          expect(sized.tokens).toBe(sent.reduce((sum, each) => sum + each, 0))
          expect(sized.calls.map((each) => JSON.parse(each.arguments))).toEqual(
            calls.map((each) => JSON.parse(each.arguments)),
          )
          const bare = calls.reduce(
            (sum, each) => sum + truth(each.name).length + truth(each.arguments).length,
            0,
          )
          if (calls.length === 1 && bare + 1 < tokens) expect(sized.tokens).toBe(tokens)
          for (const format of [
            { kind: 'json' },
            { kind: 'schema', schema: { properties: { a: { type: 'string' } } } },
          ] as const) {
            const json = jsonAnswer(tokenizer, format, tokens, seed)
            expect(truth(json.text)).toHaveLength(json.tokens)
            if (tokens >= 12) expect(json.tokens).toBe(tokens)
          }
        },
      ),
      seeded,
    )
  })

  test.each(['hello \uFFFD', '\uFFFD', 'a \uFFFD\uFFFD'])('%j is split without a loss', (text) => {
    expect(tokenizer.split(text).join('')).toBe(text)
  })

  test('runs that no text has are counted in parts, so that nobody waits for them', () => {
    const long = 'a'.repeat(100_000)
    const parts = Math.ceil(long.length / longestRun)
    expect(Math.abs(tokenizer.count(long) - 100_000 / 8)).toBeLessThanOrEqual(parts)
    expect(tokenizer.count('🙂'.repeat(20_000))).toBeGreaterThan(10_000)
  })

  test('a prompt counts what OpenAI documents, and what is read of it is as long', () => {
    const messages = [
      modelMessage('system', 'Be kind. '.repeat(2000)),
      modelMessage('user', 'hi'),
      modelMessage('assistant', '', { called: [{ name: 'look_up', arguments: '{"a":1}' }] }),
      modelMessage('tool', 'done', { toolCallId: 'call_1' }),
    ]
    const texts = ['Be kind. '.repeat(2000), 'hi', 'look_up', '{"a":1}', 'done']
    const prompt: Prompt = { messages, tools: [], declared: '', characters: promptCharacters(messages, '') }
    const spoken = texts.reduce((sum, text) => sum + truth(text).length, 0)
    const call = 3
    expect(tokenizer.countPrompt(prompt)).toBe(spoken + 4 * messages.length + call + 3)
    const tools = [
      { name: 'look_up', description: 'Looks.', parameters: { properties: { a: { type: 'number' } } } },
    ]
    const declared = JSON.stringify(tools)
    const rendered =
      'namespace functions {\n\n// Looks.\ntype look_up = (_: {\na?: number,\n}) => any;\n\n} // namespace functions'
    const withTools = { ...prompt, tools, declared }
    expect(tokenizer.countPrompt(withTools)).toBe(tokenizer.countPrompt(prompt) + truth(rendered).length + 5)
    let units = 0
    for (const piece of tokenizer.read(withTools)) units += piece.length
    expect(units).toBe(tokenizer.countPrompt(withTools))
  })

  test('schemas that cannot be told as types are read as JSON', () => {
    const messages = [modelMessage('user', 'hi')]
    const tools = [{ name: 'odd', parameters: { properties: { a: null }, required: 7 } }]
    const declared = JSON.stringify(tools)
    const counted = tokenizer.countPrompt({ messages, tools, declared, characters: 0 })
    expect(counted).toBe(truth(declared).length + 9 + 1 + 4 + 3)
  })

  test('any schema is counted, never thrown at', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 3, key: fc.constantFrom(...schemaKeys) }), (parameters) => {
        const tools = [{ name: 'any', parameters }]
        const prompt = { messages: [], tools, declared: JSON.stringify(tools), characters: 0 }
        expect(tokenizer.countPrompt(prompt)).toBeGreaterThan(12)
      }),
      { ...seeded, numRuns: 200 },
    )
  })
})
