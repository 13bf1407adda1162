import { expect, test } from 'vitest'
import { Recent } from './recent.ts'

test('what is asked for again is known, and of too much what was not asked for lately is forgotten', () => {
  const recent = new Recent<number>(5_000)
  let worked = 0
  const length = (text: string): number =>
    recent.get(text, () => {
      worked++
      return text.length
    })
  const texts = ['plain', 'naïve', '日本語 🙂', '\ud800 alone', '', 'x'.repeat(900)]
  for (const text of texts) expect(length(text)).toBe(text.length)
  expect(worked).toBe(texts.length)
  for (const text of texts) expect(length(`${text}!`.slice(0, -1))).toBe(text.length)
  expect(worked).toBe(texts.length)
  for (let i = 0; i < 100; i++) {
    length(`${i}`.padEnd(400))
    length('plain')
  }
  expect(worked).toBe(texts.length + 100)
  expect(length('日本語 🙂')).toBe(6)
  expect(worked).toBe(texts.length + 101)
})
