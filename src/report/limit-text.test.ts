import { expect, test } from 'vitest'
import { limitText } from './limit-text.ts'

test.each([
  [1, 'cores', '1 core'],
  [2, 'cores', '2 cores'],
  [1, 'calls/s', '1 call/s'],
  [450_000, 'tokens/min', '450k tokens/min'],
  [Infinity, 'turns', 'no limit in turns'],
])('%d %s is told as %s', (limit, unit, text) => {
  expect(limitText({ limit, unit })).toBe(text)
})
