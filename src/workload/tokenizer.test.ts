import { expect, test } from 'vitest'
import { tokenizerOfModel } from './tokenizer.ts'

test.each([
  ['gpt-4.1-mini', 'o200k_base'],
  ['gpt-4.1-mini-2025-04-14', 'o200k_base'],
  ['gpt-4.5-preview', 'o200k_base'],
  ['gpt-4o', 'o200k_base'],
  ['chatgpt-4o-latest', 'o200k_base'],
  ['GPT-5.4', 'o200k_base'],
  ['gpt-5-mini', 'o200k_base'],
  ['o3', 'o200k_base'],
  ['o4-mini', 'o200k_base'],
  ['gpt-realtime', 'o200k_base'],
  ['ft:gpt-4o-mini-2024-07-18:acme::a1', 'o200k_base'],
  ['openai/gpt-oss-120b', 'o200k_harmony'],
  ['openai.gpt-oss-120b-1:0', 'o200k_harmony'],
  ['gpt-4', 'cl100k_base'],
  ['gpt-4-turbo-2024-04-09', 'cl100k_base'],
  ['gpt-3.5-turbo', 'cl100k_base'],
  ['gpt-35-turbo', 'cl100k_base'],
  ['text-embedding-3-large', 'cl100k_base'],
  ['text-embedding-ada-002', 'cl100k_base'],
  // Which have no published encoding, or none that is known here.
  ['claude-sonnet-5', 'characters'],
  ['gemini-2.5-flash', 'characters'],
  ['gpt-4all', 'characters'],
  ['o1x', 'characters'],
  ['opus', 'characters'],
  ['any', 'characters'],
])('%s is counted by %s', (id, name) => {
  expect(tokenizerOfModel(id)).toBe(name)
})
