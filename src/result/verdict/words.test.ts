import { expect, test } from 'vitest'
import { fieldText } from './words.ts'

test.each([
  ['model.quota.ptu', 'the PTU of the quota'],
  ['model.quota.itpm', 'the input tokens/min quota'],
  ['models.main.quota.otpm', 'the output tokens/min quota of main'],
  ['scenarios.chat.depth', 'loop depth of chat'],
  ['tools.search.latency', 'the latency of search'],
  ['objectives', 'objectives'],
])('%s is told as %s', (path, words) => {
  expect(fieldText(path)).toBe(words)
})
