import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { tokenWords } from './token-words.ts'

test.each([
  ['{ main: { id: gpt-4o } }', 'gpt-4o by o200k_base'],
  ['{ a: { id: gpt-4o }, b: { id: gpt-4o }, c: { id: o3 } }', 'gpt-4o, o3 by o200k_base'],
  [
    '{ main: { id: gpt-4 }, other: { id: claude-sonnet-5 } }',
    'gpt-4 by cl100k_base; claude-sonnet-5 estimated, four characters each',
  ],
  ['{ main: { like: openai/gpt-4.1, id: our-deployment } }', 'our-deployment by o200k_base'],
  ['{ main: { id: our-deployment, tokenizer: cl100k_base } }', 'our-deployment by cl100k_base'],
])('%s: %s', (models, expected) => {
  const { workload } = parseWorkload(`models: ${models}\n`)
  expect(tokenWords(workload!.models)).toBe(expected)
})
