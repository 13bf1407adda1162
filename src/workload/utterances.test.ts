import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { spokenMs, utteranceMs, utterances } from './utterances.ts'

test.each(utterances)('utterance $name lasts as long as its sound', ({ name, ms, text }) => {
  const { size } = statSync(new URL(`../../voices/caller/${name}.ulaw`, import.meta.url))
  expect(ms).toBe(Math.ceil(size / 160) * 20)
  expect(utteranceMs(text)).toBe(ms)
})

test.each([
  [0, 20],
  [15, 1000],
  [16, 1080],
])('%i characters are said in %i ms', (characters, ms) => {
  expect(spokenMs(characters)).toBe(ms)
})
